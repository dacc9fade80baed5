//! Arithmetic: small ints and floats in line, everything else by the general protocol; Python-level operator methods
//! are pushed as frames.

use crate::call::{self, ret};
use crate::ops::{a, b, c, exception, opaque};
use hoop_bytecode::{Instr, Op};
use hoop_engine::{Cmp, FloatFn, FloatOp, IntOp, Reg};
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::{COMPLEX_IMAG, COMPLEX_REAL};
use hoop_object::operator::BinOp;
use hoop_object::text;
use hoop_object::vm::PyEngine;
use hoop_protocol::attr;
use std::hint::cold_path;

/// `a := b op c` for `+`, `-`, `*`.
#[inline(always)]
pub fn add_like<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let Some(m) = e.as_int(x) {
        if let Some(n) = e.as_int(y) {
            return int_arith(e, a(i), op, m, n, (x, y));
        }
        if let Some(g) = e.as_float(y) {
            let f = e.int_to_float(m);
            return float_arith(e, a(i), op, f, g);
        }
    } else if let Some(f) = e.as_float(x) {
        if let Some(g) = e.as_float(y) {
            return float_arith(e, a(i), op, f, g);
        }
        if let Some(n) = e.as_int(y) {
            let g = e.int_to_float(n);
            return float_arith(e, a(i), op, f, g);
        }
    }
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

/// `a := b + c`, where a str in `b` may grow if it is a growing one.
#[inline(always)]
pub fn append<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if is_small_number(e, x) {
        let both = is_small_number(e, y);
        add_like(e, i, BinOp::Add, i.op == Op::IAppend)?;
        if both {
            e.fetch();
        }
        return Ok(());
    }
    append_other(e, i)
}

#[inline(always)]
fn is_small_number<E: PyEngine>(e: &mut E, v: E::Val) -> bool {
    e.as_int(v).is_some() || e.as_float(v).is_some()
}

#[inline(never)]
fn append_other<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    let shape = e.shape_of(x);
    if e.vm().shapes.kind(shape) == Kind::Str && same_shape(e, shape, y) {
        let v = opaque::append(e, x, y)?;
        e.store(a(i), v);
        e.fetch();
        return Ok(());
    }
    general(e, a(i), BinOp::Add, x, y, i.op == Op::IAppend)
}

/// If `a` holds a str, that does not grow any more.
#[inline(always)]
pub fn share<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(a(i));
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) == Kind::Str {
        opaque::share(e, v)?;
    }
    Ok(())
}

/// `a := b op immediate`.
#[inline(always)]
pub fn add_imm<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let x = e.load(b(i));
    let n = e.int(i.imm() as i64);
    let y = e.val(Value::int(i.imm() as i64));
    if let Some(m) = e.as_int(x) {
        return int_arith(e, a(i), op, m, n, (x, y));
    }
    if let Some(f) = e.as_float(x) {
        let g = e.int_to_float(n);
        return float_arith(e, a(i), op, f, g);
    }
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

#[inline(always)]
fn int_arith<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    op: BinOp,
    m: E::Int,
    n: E::Int,
    (x, y): (E::Val, E::Val),
) -> Result<(), Raise> {
    let (r, fits) = match op {
        BinOp::Add => {
            let r = e.int_op(IntOp::Add, m, n);
            (r, e.int_fits(r))
        }
        BinOp::Sub => {
            let r = e.int_op(IntOp::Sub, m, n);
            (r, e.int_fits(r))
        }
        _ => (e.int_op(IntOp::Mul, m, n), e.int_mul_fits(m, n)),
    };
    if e.branch(fits) {
        let v = e.box_int(r);
        e.store(dst, v);
        return Ok(());
    }
    cold_path();
    number(e, dst, op, x, y)
}

#[inline(always)]
fn float_arith<E: PyEngine>(e: &mut E, dst: Reg, op: BinOp, f: E::Float, g: E::Float) -> Result<(), Raise> {
    let op = match op {
        BinOp::Add => FloatOp::Add,
        BinOp::Sub => FloatOp::Sub,
        BinOp::Mul => FloatOp::Mul,
        _ => FloatOp::Div,
    };
    let r = e.float_op(op, f, g);
    let v = e.box_float(r);
    e.store(dst, v);
    Ok(())
}

/// Built-in numbers beyond the small ones.
#[inline(never)]
fn number<E: PyEngine>(e: &mut E, dst: Reg, op: BinOp, x: E::Val, y: E::Val) -> Result<(), Raise> {
    let n = e.int(op as i64);
    e.result_to(Some(dst));
    let v = opaque::number_binary(e, n, x, y)?;
    e.store(dst, v);
    Ok(())
}

/// A value as a float, if it is a float or a small int.
#[inline(always)]
fn to_float<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Float> {
    if let Some(f) = e.as_float(v) {
        return Some(f);
    }
    let m = e.as_int(v)?;
    Some(e.int_to_float(m))
}

/// `a := b / c`.
#[inline(always)]
pub fn true_div<E: PyEngine>(e: &mut E, i: Instr, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let (Some(f), Some(g)) = (to_float_exact(e, x), to_float_exact(e, y)) {
        let zero = e.float(0.0);
        let is_zero = e.float_cmp(Cmp::Eq, g, zero);
        if !e.branch(is_zero) {
            return float_arith(e, a(i), BinOp::TrueDiv, f, g);
        }
        return number(e, a(i), BinOp::TrueDiv, x, y);
    }
    general(e, a(i), BinOp::TrueDiv, x, y, inplace)
}

/// As `to_float`, for ints only where the conversion is exact (so that the quotient is correctly rounded).
#[inline(always)]
fn to_float_exact<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Float> {
    if let Some(f) = e.as_float(v) {
        return Some(f);
    }
    let m = e.as_int(v)?;
    let (shift, limit) = (e.int(1 << 53), e.int(1 << 54));
    let moved = e.int_op(IntOp::Add, m, shift);
    let small = e.int_cmp(Cmp::Ult, moved, limit);
    e.branch(small).then(|| e.int_to_float(m))
}

/// `a := b // c` and `a := b % c`.
#[inline(always)]
pub fn floor_div<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let (Some(m), Some(n)) = (e.as_int(x), e.as_int(y)) {
        let zero = e.int(0);
        let is_zero = e.int_cmp(Cmp::Eq, n, zero);
        if e.branch(is_zero) {
            return Err(by_zero(e));
        }
        let is_div = op == BinOp::FloorDiv;
        let r = e.int_op(if is_div { IntOp::FloorDiv } else { IntOp::Mod }, m, n);
        // Only the smallest int by -1 leaves the range.
        if is_div {
            let fits = e.int_fits(r);
            if !e.branch(fits) {
                return number(e, a(i), op, x, y);
            }
        }
        let v = e.box_int(r);
        e.store(a(i), v);
        return Ok(());
    }
    if let (Some(f), Some(g)) = (to_float(e, x), to_float(e, y)) {
        return float_floor(e, a(i), op, (f, g), (x, y));
    }
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

/// The error of `//` and `%` of ints.
#[inline(never)]
fn by_zero<E: PyEngine>(e: &mut E) -> Raise {
    let vm = e.vm();
    let text = text::intern(vm, b"division by zero");
    let class = vm.types.zero_division_error;
    let text = e.val(text);
    exception::raise_new(e, class, &[text])
}

fn float_floor<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    op: BinOp,
    (f, g): (E::Float, E::Float),
    (x, y): (E::Val, E::Val),
) -> Result<(), Raise> {
    let zero = e.float(0.0);
    let is_zero = e.float_cmp(Cmp::Eq, g, zero);
    if e.branch(is_zero) {
        return number(e, dst, op, x, y);
    }
    let r = match op {
        BinOp::FloorDiv => opaque::float_floordiv(e, f, g)?,
        _ => opaque::float_mod(e, f, g)?,
    };
    let v = e.box_float(r);
    e.store(dst, v);
    Ok(())
}

/// `a := b ** c`.
#[inline(always)]
pub fn pow<E: PyEngine>(e: &mut E, i: Instr, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let Some(f) = e.as_float(x)
        && let Some(g) = to_float(e, y)
    {
        return float_pow(e, a(i), f, g);
    }
    if let Some(m) = e.as_int(x)
        && let Some(n) = e.as_int(y)
    {
        let two = e.int(2);
        let square = e.int_cmp(Cmp::Eq, n, two);
        if e.branch(square) {
            return int_arith(e, a(i), BinOp::Mul, m, m, (x, x));
        }
        let three = e.int(3);
        let cube = e.int_cmp(Cmp::Eq, n, three);
        if e.branch(cube) && int_cube(e, a(i), m) {
            return Ok(());
        }
        return number(e, a(i), BinOp::Pow, x, y);
    }
    general(e, a(i), BinOp::Pow, x, y, inplace)
}

/// Stores a cube that is a small int; false: it is none.
fn int_cube<E: PyEngine>(e: &mut E, dst: Reg, m: E::Int) -> bool {
    let fits = e.int_mul_fits(m, m);
    if !e.branch(fits) {
        return false;
    }
    let square = e.int_op(IntOp::Mul, m, m);
    let fits = e.int_mul_fits(square, m);
    if !e.branch(fits) {
        return false;
    }
    let cube = e.int_op(IntOp::Mul, square, m);
    let v = e.box_int(cube);
    e.store(dst, v);
    true
}

fn float_pow<E: PyEngine>(e: &mut E, dst: Reg, f: E::Float, g: E::Float) -> Result<(), Raise> {
    let two = e.float(2.0);
    let is_square = e.float_cmp(Cmp::Eq, g, two);
    if e.branch(is_square) {
        // Overflow raises; finite squares are exact multiplications.
        let r = e.float_op(FloatOp::Mul, f, f);
        let (size, limit) = (e.float_fn(FloatFn::Abs, r), e.float(f64::MAX));
        let finite = e.float_cmp(Cmp::Le, size, limit);
        if e.branch(finite) {
            let v = e.box_float(r);
            e.store(dst, v);
            return Ok(());
        }
    }
    e.result_to(Some(dst));
    let v = opaque::float_pow(e, f, g)?;
    e.store(dst, v);
    Ok(())
}

/// `a := b op c` for `&`, `|`, `^`.
#[inline(always)]
pub fn bitwise<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let (Some(m), Some(n)) = (e.as_int(x), e.as_int(y)) {
        let op = match op {
            BinOp::And => IntOp::And,
            BinOp::Or => IntOp::Or,
            _ => IntOp::Xor,
        };
        let r = e.int_op(op, m, n);
        let v = e.box_int(r);
        e.store(a(i), v);
        return Ok(());
    }
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

/// `a := b << c` and `a := b >> c`.
#[inline(always)]
pub fn shift<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let (Some(m), Some(n)) = (e.as_int(x), e.as_int(y)) {
        let limit = e.int(63);
        let small = e.int_cmp(Cmp::Ult, n, limit);
        if !e.branch(small) {
            return number(e, a(i), op, x, y);
        }
        if op == BinOp::RShift {
            let r = e.int_op(IntOp::Shr, m, n);
            let v = e.box_int(r);
            e.store(a(i), v);
            return Ok(());
        }
        let r = e.int_op(IntOp::Shl, m, n);
        let back = e.int_op(IntOp::Shr, r, n);
        let (same, fits) = (e.int_cmp(Cmp::Eq, back, m), e.int_fits(r));
        if e.branch(same) && e.branch(fits) {
            let v = e.box_int(r);
            e.store(a(i), v);
            return Ok(());
        }
        return number(e, a(i), op, x, y);
    }
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

/// `@` and whatever has no fast path.
pub fn any<E: PyEngine>(e: &mut E, i: Instr, op: BinOp, inplace: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    cold_path();
    general(e, a(i), op, x, y, inplace)
}

/// Operands that are no small numbers: instances with Python methods get a frame, the rest an opaque call.
#[inline(never)]
fn general<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    op: BinOp,
    x: E::Val,
    y: E::Val,
    inplace: bool,
) -> Result<(), Raise> {
    let shape = e.shape_of(x);
    let kind = e.vm().shapes.kind(shape);
    if kind.is_instance() && push_operator(e, dst, op, (shape, x), y, inplace)? {
        return Ok(());
    }
    if matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul)
        && let Some((m, n)) = truths_as_ints(e, (kind, x), y)
    {
        return int_arith(e, dst, op, m, n, (x, y));
    }
    if kind == Kind::Complex
        && same_shape(e, shape, y)
        && matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul)
        && complex_arith(e, dst, op, x, y)
    {
        return Ok(());
    }
    if kind == Kind::Str && op == BinOp::Add && same_shape(e, shape, y) {
        let v = opaque::concat(e, x, y)?;
        e.store(dst, v);
        return Ok(());
    }
    let n = e.int(op as i64);
    e.result_to(Some(dst));
    let v = match kind {
        Kind::BigInt | Kind::Complex | Kind::Int | Kind::Float if plain_number(e, y) => {
            opaque::number_binary(e, n, x, y)?
        }
        _ if plain_sequence(e, kind, op, y, inplace) => opaque::sequence_binary(e, n, x, y)?,
        _ if inplace => opaque::inplace(e, n, x, y)?,
        _ => opaque::binary(e, n, x, y)?,
    };
    e.store(dst, v);
    Ok(())
}

/// Two operands of which one or both are truth values and the others small ints.
fn truths_as_ints<E: PyEngine>(e: &mut E, (kind, x): (Kind, E::Val), y: E::Val) -> Option<(E::Int, E::Int)> {
    let right = e.shape_of(y);
    let right = e.vm().shapes.kind(right);
    let number = |k: Kind| matches!(k, Kind::Int | Kind::Bool);
    if !number(kind) || !number(right) {
        return None;
    }
    Some((truth_as_int(e, kind, x), truth_as_int(e, right, y)))
}

fn truth_as_int<E: PyEngine>(e: &mut E, kind: Kind, v: E::Val) -> E::Int {
    match e.as_int(v) {
        Some(m) => m,
        None => {
            let truth = kind == Kind::Bool && e.is(v, Value::TRUE);
            e.int(truth as i64)
        }
    }
}

/// `+`, `-`, `*` of two complex numbers by their parts. False: a product has a NaN, and may be an infinity instead.
fn complex_arith<E: PyEngine>(e: &mut E, dst: Reg, op: BinOp, x: E::Val, y: E::Val) -> bool {
    let (a, b) = (e.get(x, &COMPLEX_REAL), e.get(x, &COMPLEX_IMAG));
    let (c, d) = (e.get(y, &COMPLEX_REAL), e.get(y, &COMPLEX_IMAG));
    let (real, imag) = match op {
        BinOp::Add => (e.float_op(FloatOp::Add, a, c), e.float_op(FloatOp::Add, b, d)),
        BinOp::Sub => (e.float_op(FloatOp::Sub, a, c), e.float_op(FloatOp::Sub, b, d)),
        _ => {
            let (ac, bd) = (e.float_op(FloatOp::Mul, a, c), e.float_op(FloatOp::Mul, b, d));
            let (ad, bc) = (e.float_op(FloatOp::Mul, a, d), e.float_op(FloatOp::Mul, b, c));
            let real = e.float_op(FloatOp::Sub, ac, bd);
            let ordered = e.float_cmp(Cmp::Eq, real, real);
            if !e.branch(ordered) {
                return false;
            }
            (real, e.float_op(FloatOp::Add, ad, bc))
        }
    };
    let shape = e.vm().kind_shape(Kind::Complex);
    let z = e.new_object(shape, 2, 0);
    e.set(z, &COMPLEX_REAL, real);
    e.set(z, &COMPLEX_IMAG, imag);
    e.store(dst, z);
    true
}

fn plain_number<E: PyEngine>(e: &mut E, v: E::Val) -> bool {
    let shape = e.shape_of(v);
    matches!(e.vm().shapes.kind(shape), Kind::Int | Kind::Float | Kind::BigInt | Kind::Complex | Kind::Bool)
}

/// Does an operator of a built-in sequence run no Python code with this right operand?
fn plain_sequence<E: PyEngine>(e: &mut E, left: Kind, op: BinOp, right: E::Val, inplace: bool) -> bool {
    let extends_itself = inplace && left.is_list();
    if extends_itself || !(left.is_list() || matches!(left, Kind::Str | Kind::Tuple | Kind::Int)) {
        return false;
    }
    let shape = e.shape_of(right);
    let right = e.vm().shapes.kind(shape);
    let repeats = |k: Kind| k.is_list() || matches!(k, Kind::Str | Kind::Tuple);
    match op {
        BinOp::Add => left == right && left != Kind::Int || left.is_list() && right.is_list(),
        BinOp::Mul => repeats(left) && right == Kind::Int || left == Kind::Int && repeats(right),
        BinOp::Mod => left == Kind::Str && matches!(right, Kind::Str | Kind::Int | Kind::Float | Kind::None),
        _ => false,
    }
}

fn same_shape<E: PyEngine>(e: &mut E, shape: hoop_gc::ShapeId, v: E::Val) -> bool {
    e.shape_of(v) == shape
}

/// Pushes a frame for the left operand's Python method, where the right operand has no say before it.
fn push_operator<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    op: BinOp,
    (shape, x): (hoop_gc::ShapeId, E::Val),
    y: E::Val,
    inplace: bool,
) -> Result<bool, Raise> {
    let right_shape = e.shape_of(y);
    let vm = e.vm();
    let (Some(cx), Some(cy)) = (vm.shapes.get(shape).class, vm.shapes.get(right_shape).class) else {
        return Ok(false);
    };
    let (left, right, in_place) = op.methods(&vm.names);
    if cx != cy && vm.is_subclass(cy, cx) && attr::lookup(vm, cy, right) != attr::lookup(vm, cx, right) {
        return Ok(false);
    }
    let (method, kind) = match attr::lookup(vm, cx, in_place) {
        Some(m) if inplace => (Some(m), ret::INPLACE),
        _ => (attr::lookup(vm, cx, left), ret::BINARY),
    };
    let Some(f) = method.filter(|&m| vm.kind(m) == Kind::Function) else { return Ok(false) };
    if !e.assume(cx) || !e.assume(cy) {
        return Ok(false);
    }
    push_method(e, f, &[x, y], ret::word(kind, dst.0))
}

/// Pushes a frame for a Python method that takes exactly these arguments. False: it takes others, or should not be
/// followed.
pub fn push_method<E: PyEngine>(e: &mut E, f: Value, args: &[E::Val], word: u64) -> Result<bool, Raise> {
    let code = call::code_of(e, f);
    let data = code_data(code);
    if data.simple_params != args.len() as u32 || !e.follow_call(code) {
        return Ok(false);
    }
    let function = e.val(f);
    call::call_function_args(e, function, code, args, &[], word)?;
    Ok(true)
}

/// `a := -b` and its kin (0 neg, 1 pos, 2 invert).
#[inline(always)]
pub fn unary<E: PyEngine>(e: &mut E, i: Instr, which: i64) -> Result<(), Raise> {
    let x = e.load(b(i));
    if let Some(m) = e.as_int(x) {
        let zero = e.int(0);
        let r = match which {
            0 => e.int_op(IntOp::Sub, zero, m),
            1 => m,
            _ => {
                let ones = e.int(-1);
                e.int_op(IntOp::Xor, m, ones)
            }
        };
        let fits = e.int_fits(r);
        if e.branch(fits) {
            let v = e.box_int(r);
            e.store(a(i), v);
            return Ok(());
        }
    } else if which < 2
        && let Some(f) = e.as_float(x)
    {
        let r = if which == 0 { e.float_fn(FloatFn::Neg, f) } else { f };
        let v = e.box_float(r);
        e.store(a(i), v);
        return Ok(());
    }
    let n = e.int(which);
    e.result_to(Some(a(i)));
    let v = opaque::unary(e, n, x)?;
    e.store(a(i), v);
    Ok(())
}
