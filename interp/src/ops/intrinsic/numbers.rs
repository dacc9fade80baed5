//! Numeric functions that traces follow into.

use crate::ops::{build, opaque};
use hoop_engine::{Cmp, FloatFn, FloatOp, IntOp};
use hoop_object::errors::Raise;
use hoop_object::rows::NativeDef;
use hoop_object::vm::PyEngine;
use hoop_protocol::native;

pub fn absolute<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if let Some(n) = e.as_int(v) {
        let zero = e.int(0);
        let negative = e.int_cmp(Cmp::Lt, n, zero);
        if !e.branch(negative) {
            return Some(v);
        }
        let r = e.int_op(IntOp::Sub, zero, n);
        let fits = e.int_fits(r);
        return e.branch(fits).then(|| e.box_int(r));
    }
    let f = e.as_float(v)?;
    let r = e.float_fn(FloatFn::Abs, f);
    Some(e.box_float(r))
}

/// A float or small int as a float.
fn real<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Float> {
    if let Some(f) = e.as_float(v) {
        return Some(f);
    }
    let n = e.as_int(v)?;
    Some(e.int_to_float(n))
}

/// A function of one float, by its row. Errors and special values are left to the native function: nothing.
pub fn float_function<E: PyEngine>(
    e: &mut E,
    def: &'static NativeDef,
    v: E::Val,
) -> Result<Option<E::Val>, Raise> {
    let (Some(f), Some(function)) = (real(e, v), def.float) else { return Ok(None) };
    let r = if E::RECORDS {
        let row = native::float_row(e.vm(), function);
        let row = e.int(row);
        opaque::float_function(e, row, f)?
    } else {
        let now = function(e.now_float(f));
        e.float(now)
    };
    let (difference, zero) = (e.float_op(FloatOp::Sub, r, r), e.float(0.0));
    let finite = e.float_cmp(Cmp::Eq, difference, zero);
    Ok(if e.branch(finite) { Some(e.box_float(r)) } else { None })
}

pub fn square_root<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Option<E::Val>, Raise> {
    let Some(f) = real(e, v) else { return Ok(None) };
    let zero = e.float(0.0);
    let fine = e.float_cmp(Cmp::Ge, f, zero);
    if !e.branch(fine) {
        return Ok(None);
    }
    let r = e.float_fn(FloatFn::Sqrt, f);
    Ok(Some(e.box_float(r)))
}

pub fn to_float<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if e.as_float(v).is_some() {
        return Some(v);
    }
    let n = e.as_int(v)?;
    let f = e.int_to_float(n);
    Some(e.box_float(f))
}

pub fn to_int<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if e.as_int(v).is_some() {
        return Some(v);
    }
    let f = e.as_float(v)?;
    whole(e, f)
}

/// The int of a float, which is cut to a whole number; nothing if it is no small int.
fn whole<E: PyEngine>(e: &mut E, f: E::Float) -> Option<E::Val> {
    let (size, limit) = (e.float_fn(FloatFn::Abs, f), e.float((1i64 << 61) as f64));
    let small = e.float_cmp(Cmp::Lt, size, limit);
    if !e.branch(small) {
        return None;
    }
    let n = e.float_to_int(f);
    Some(e.box_int(n))
}

/// `math.floor(v)`, `math.ceil(v)`.
pub fn to_whole<E: PyEngine>(e: &mut E, v: E::Val, function: FloatFn) -> Option<E::Val> {
    if e.as_int(v).is_some() {
        return Some(v);
    }
    let f = e.as_float(v)?;
    let r = e.float_fn(function, f);
    whole(e, r)
}

/// `round(v)` to an int.
pub fn round<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Option<E::Val>, Raise> {
    if e.as_int(v).is_some() {
        return Ok(Some(v));
    }
    let Some(f) = e.as_float(v) else { return Ok(None) };
    let r = opaque::float_round(e, f)?;
    Ok(whole(e, r))
}

/// `divmod(x, y)` of small ints.
pub fn div_mod<E: PyEngine>(e: &mut E, x: E::Val, y: E::Val) -> Result<Option<E::Val>, Raise> {
    let (Some(m), Some(n)) = (e.as_int(x), e.as_int(y)) else { return Ok(None) };
    let zero = e.int(0);
    let by_zero = e.int_cmp(Cmp::Eq, n, zero);
    if e.branch(by_zero) {
        return Ok(None);
    }
    let (quotient, rest) = (e.int_op(IntOp::FloorDiv, m, n), e.int_op(IntOp::Mod, m, n));
    let fits = e.int_fits(quotient);
    if !e.branch(fits) {
        return Ok(None);
    }
    let parts = [e.box_int(quotient), e.box_int(rest)];
    build::tuple(e, &parts).map(Some)
}
