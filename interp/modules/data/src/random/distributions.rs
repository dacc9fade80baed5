//! Distributions, by the published methods that CPython uses; each takes its numbers from a source of floats.

use crate::math::gamma::log_gamma_of;
use std::f64::consts::{E, LN_2, PI, TAU};

/// Floats in `[0, 1)`.
pub trait Source {
    fn float(&mut self) -> f64;
    /// Is it time to give up? Asked by loops that bad parameters may keep going; the result is then of no use.
    fn stop(&mut self) -> bool {
        false
    }
}

/// Kinderman and Monahan's ratio of uniforms.
pub fn normal(s: &mut impl Source, mu: f64, sigma: f64) -> f64 {
    let magic = 4.0 * (-0.5f64).exp() / 2.0f64.sqrt();
    loop {
        let u1 = s.float();
        let u2 = 1.0 - s.float();
        let z = magic * (u1 - 0.5) / u2;
        if z * z / 4.0 <= -u2.ln() {
            return mu + z * sigma;
        }
    }
}

pub fn exponential(s: &mut impl Source, lambda: f64) -> f64 {
    -(1.0 - s.float()).ln() / lambda
}

/// Fisher's method for the von Mises distribution.
pub fn von_mises(s: &mut impl Source, mu: f64, kappa: f64) -> f64 {
    if kappa <= 1e-6 {
        return TAU * s.float();
    }
    let half = 0.5 / kappa;
    let r = half + (1.0 + half * half).sqrt();
    let z = loop {
        if s.stop() {
            return f64::NAN;
        }
        let z = (PI * s.float()).cos();
        let d = z / (r + z);
        let u = s.float();
        if u < 1.0 - d * d || u <= (1.0 - d) * d.exp() {
            break z;
        }
    };
    let q = 1.0 / r;
    let f = (q + z) / (1.0 + q * z);
    let angle = if s.float() > 0.5 { mu + f.acos() } else { mu - f.acos() };
    hoop_types::numbers::float::modulo(angle, TAU)
}

/// Cheng (1977) for large shapes, Ahrens and Dieter's GS for small ones.
pub fn gamma(s: &mut impl Source, alpha: f64, beta: f64) -> f64 {
    if alpha > 1.0 {
        return gamma_large(s, alpha) * beta;
    }
    if alpha == 1.0 {
        return -(1.0 - s.float()).ln() * beta;
    }
    gamma_small(s, alpha) * beta
}

fn gamma_large(s: &mut impl Source, alpha: f64) -> f64 {
    let a = (2.0 * alpha - 1.0).sqrt();
    let (b, c) = (alpha - 4.0f64.ln(), alpha + a);
    let magic = 1.0 + 4.5f64.ln();
    loop {
        if s.stop() {
            return f64::NAN;
        }
        let u1 = s.float();
        if !(1e-7 < u1 && u1 < 0.9999999) {
            continue;
        }
        let u2 = 1.0 - s.float();
        let v = (u1 / (1.0 - u1)).ln() / a;
        let x = alpha * v.exp();
        let z = u1 * u1 * u2;
        let r = b + c * v - x;
        if r + magic - 4.5 * z >= 0.0 || r >= z.ln() {
            return x;
        }
    }
}

fn gamma_small(s: &mut impl Source, alpha: f64) -> f64 {
    let b = (E + alpha) / E;
    loop {
        if s.stop() {
            return f64::NAN;
        }
        let p = b * s.float();
        let x = if p <= 1.0 { p.powf(1.0 / alpha) } else { -((b - p) / alpha).ln() };
        let u = s.float();
        let accepted = if p > 1.0 { u <= x.powf(alpha - 1.0) } else { u <= (-x).exp() };
        if accepted {
            return x;
        }
    }
}

pub fn beta(s: &mut impl Source, alpha: f64, beta: f64) -> f64 {
    let y = gamma(s, alpha, 1.0);
    if y == 0.0 { 0.0 } else { y / (y + gamma(s, beta, 1.0)) }
}

pub fn pareto(s: &mut impl Source, alpha: f64) -> f64 {
    (1.0 - s.float()).powf(-1.0 / alpha)
}

pub fn weibull(s: &mut impl Source, alpha: f64, beta: f64) -> f64 {
    alpha * (-(1.0 - s.float()).ln()).powf(1.0 / beta)
}

/// Successes of `n` trials of probability `p` (within 0 and 1).
pub fn binomial(s: &mut impl Source, n: i64, p: f64) -> i64 {
    if p == 0.0 {
        return 0;
    }
    if p == 1.0 {
        return n;
    }
    if n == 1 {
        return (s.float() < p) as i64;
    }
    if p > 0.5 {
        return n - binomial(s, n, 1.0 - p);
    }
    if n as f64 * p < 10.0 { binomial_geometric(s, n, p) } else { binomial_rejection(s, n as f64, p) }
}

/// Devroye's geometric method for few expected successes.
fn binomial_geometric(s: &mut impl Source, n: i64, p: f64) -> i64 {
    let (mut x, mut y) = (0, 0.0);
    let c = (1.0 - p).log2();
    if c == 0.0 {
        return 0;
    }
    loop {
        y += (s.float().log2() / c).floor() + 1.0;
        if y > n as f64 {
            return x;
        }
        x += 1;
    }
}

/// Hormann's transformed rejection with squeeze (BTRS).
fn binomial_rejection(s: &mut impl Source, n: f64, p: f64) -> i64 {
    let spq = (n * p * (1.0 - p)).sqrt();
    let b = 1.15 + 2.53 * spq;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let c = n * p + 0.5;
    let vr = 0.92 - 4.2 / b;
    let alpha = (2.83 + 5.1 / b) * spq;
    let lpq = (p / (1.0 - p)).ln();
    let m = ((n + 1.0) * p).floor();
    let h = log_factorial(m) + log_factorial(n - m);
    loop {
        let u = s.float() - 0.5;
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + c).floor();
        if k < 0.0 || k > n {
            continue;
        }
        let mut v = s.float();
        if us >= 0.07 && v <= vr {
            return k as i64;
        }
        v *= alpha / (a / (us * us) + b);
        if v.ln() <= h - log_factorial(k) - log_factorial(n - k) + (k - m) * lpq {
            return k as i64;
        }
    }
}

fn log_factorial(k: f64) -> f64 {
    if k <= 1.0 { 0.0 } else { log_gamma_of(k + 1.0) }
}

/// A constant's name, and how it is worked out.
pub type Constant = (&'static str, fn() -> f64);

/// The constants that the module shows.
pub const CONSTANTS: [Constant; 5] = [
    ("NV_MAGICCONST", || 4.0 * (-0.5f64).exp() / 2.0f64.sqrt()),
    ("SG_MAGICCONST", || 1.0 + 4.5f64.ln()),
    ("LOG4", || 2.0 * LN_2),
    ("TWOPI", || TAU),
    ("RECIP_BPF", || 1.0 / 9_007_199_254_740_992.0),
];
