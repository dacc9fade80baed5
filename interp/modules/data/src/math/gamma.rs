//! Gamma function and its logarithm by Lanczos' approximation, with the rational coefficients for 13 terms and
//! g = 6.0246800407767296 (C. Lanczos, 1964; coefficients by J. Maddock).

use crate::math::{range_error, unexpected};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::vm::Vm;
use hoop_types::numbers::float;
use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_73;

const G_MINUS_HALF: f64 = 5.524_680_040_776_73;

const LOG_PI: f64 = 1.144_729_885_849_400_2;

/// Whole numbers up to here have a factorial that is exact as a float.
const EXACT: f64 = 23.0;

const EXPECTS: &str = "a noninteger or positive integer";

#[allow(clippy::excessive_precision)]
const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];

const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// The rational function at a positive `x`, from the end that does not overflow.
fn lanczos_sum(x: f64) -> f64 {
    let horner = |c: &[f64; 13]| match x < 5.0 {
        true => c.iter().rev().fold(0.0, |sum, &c| sum * x + c),
        false => c.iter().fold(0.0, |sum, &c| sum / x + c),
    };
    horner(&NUMERATOR) / horner(&DENOMINATOR)
}

/// `sin(pi * x)` for finite `x`.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1.0f64.copysign(x) * r
}

pub fn gamma(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = float::real_number(vm, a[0])?;
    if x.is_nan() || x == f64::INFINITY {
        return Ok(vm.ctx.box_float(x));
    }
    if x == f64::NEG_INFINITY || x == 0.0 || x < 0.0 && x == x.floor() {
        return unexpected(vm, EXPECTS, x);
    }
    let r = gamma_of(x);
    if r.is_infinite() {
        return range_error(vm);
    }
    Ok(vm.ctx.box_float(r))
}

/// Of a finite number that is no pole; infinite on overflow.
fn gamma_of(x: f64) -> f64 {
    if x == x.floor() && x <= EXACT {
        return (1..x as u64).map(|i| i as f64).product();
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + G_MINUS_HALF;
    // What the addition lost.
    let lost = if size > G_MINUS_HALF { (y - size) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - size };
    let z = lost * G / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        r -= z * r;
        if size < 140.0 {
            return r / y.powf(size - 0.5);
        }
        let half = y.powf(size / 2.0 - 0.25);
        return r / half / half;
    }
    let mut r = lanczos_sum(size) / y.exp();
    r += z * r;
    if size < 140.0 {
        return r * y.powf(size - 0.5);
    }
    let half = y.powf(size / 2.0 - 0.25);
    r * half * half
}

pub fn log_gamma(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = float::real_number(vm, a[0])?;
    if !x.is_finite() {
        return Ok(vm.ctx.box_float(x.abs()));
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { unexpected(vm, EXPECTS, x) } else { Ok(vm.ctx.box_float(0.0)) };
    }
    let r = log_gamma_of(x);
    if r.is_infinite() {
        return range_error(vm);
    }
    Ok(vm.ctx.box_float(r))
}

pub(crate) fn log_gamma_of(x: f64) -> f64 {
    let size = x.abs();
    if size < 1e-20 {
        return -size.ln();
    }
    let mut r = lanczos_sum(size).ln() - G;
    r += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        r = LOG_PI - sin_pi(size).abs().ln() - size.ln() - r;
    }
    r
}
