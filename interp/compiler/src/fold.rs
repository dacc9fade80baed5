//! Constant folding: which expressions have a value that is known now.
//!
//! Results are bounded in size, so that `"x" * 10**9` stays an expression. Nothing that raises is folded.

use crate::literal;
use crate::source::Source;
use hoop_bytecode::Const;
use num_bigint::{BigInt, Sign};
use ruff_python_ast::{Expr, Number, Operator, UnaryOp};

/// Strings and bytes made by folding are at most this long.
const MAX_TEXT: usize = 4096;
/// Integers made by folding have at most this many bits.
const MAX_BITS: u64 = 512;

/// The constant value of an expression.
pub(crate) fn constant(source: &Source, e: &Expr) -> Option<Const> {
    match e {
        Expr::NumberLiteral(literal) => number(&literal.value),
        Expr::StringLiteral(literal) => Some(Const::Str(literal::string(source, literal))),
        Expr::BytesLiteral(literal) => Some(Const::Bytes(literal::bytes(literal))),
        Expr::BooleanLiteral(literal) => Some(Const::Bool(literal.value)),
        Expr::NoneLiteral(_) => Some(Const::None),
        Expr::EllipsisLiteral(_) => Some(Const::Ellipsis),
        Expr::UnaryOp(unary) => fold_unary(unary.op, constant(source, &unary.operand)?),
        Expr::BinOp(binary) => {
            let right = constant(source, &binary.right)?;
            fold_binary(binary.op, constant(source, &binary.left)?, right)
        }
        Expr::Tuple(tuple) => constants(source, &tuple.elts).map(Const::Tuple),
        _ => None,
    }
}

/// The container of `x in [1, 2]` or `x in {1, 2}` as a constant.
pub(crate) fn constant_container(source: &Source, e: &Expr) -> Option<Const> {
    match e {
        Expr::List(list) => constants(source, &list.elts).map(Const::Tuple),
        Expr::Set(set) => constants(source, &set.elts).map(Const::FrozenSet),
        _ => None,
    }
}

fn constants(source: &Source, items: &[Expr]) -> Option<Vec<Const>> {
    items.iter().map(|item| constant(source, item)).collect()
}

/// A constant integer that fits a 16-bit operand.
pub(crate) fn small_int(source: &Source, e: &Expr) -> Option<i16> {
    match constant(source, e)? {
        Const::Int(value) => i16::try_from(value).ok(),
        _ => None,
    }
}

/// The truth of a constant.
pub(crate) fn truth(constant: &Const) -> bool {
    match constant {
        Const::None => false,
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(bits) => f64::from_bits(*bits) != 0.0,
        Const::Complex(real, imag) => f64::from_bits(*real) != 0.0 || f64::from_bits(*imag) != 0.0,
        Const::Str(text) | Const::Bytes(text) => !text.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::Ellipsis | Const::BigInt(_) | Const::Code(_) => true,
    }
}

fn number(number: &Number) -> Option<Const> {
    match number {
        Number::Int(value) => match value.as_i64() {
            Some(value) => Some(Const::Int(value)),
            None => parse_int(&value.to_string()).map(int),
        },
        Number::Float(value) => Some(Const::float(*value)),
        Number::Complex { real, imag } => Some(Const::Complex(real.to_bits(), imag.to_bits())),
    }
}

fn parse_int(text: &str) -> Option<BigInt> {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits.as_str()),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix)
}

fn int(value: BigInt) -> Const {
    match i64::try_from(&value) {
        Ok(value) => Const::Int(value),
        Err(_) => Const::BigInt(value.to_string()),
    }
}

fn big(constant: &Const) -> Option<BigInt> {
    match constant {
        Const::Bool(value) => Some(BigInt::from(*value as i64)),
        Const::Int(value) => Some(BigInt::from(*value)),
        Const::BigInt(digits) => BigInt::parse_bytes(digits.as_bytes(), 10),
        _ => None,
    }
}

/// The value as a float, if that is exact.
fn float(constant: &Const) -> Option<f64> {
    const EXACT: i64 = 1 << 53;
    match constant {
        Const::Float(bits) => Some(f64::from_bits(*bits)),
        Const::Int(value) if (-EXACT..=EXACT).contains(value) => Some(*value as f64),
        Const::Bool(value) => Some(*value as i64 as f64),
        _ => None,
    }
}

fn fold_unary(op: UnaryOp, operand: Const) -> Option<Const> {
    if op == UnaryOp::Not {
        return Some(Const::Bool(!truth(&operand)));
    }
    match (op, &operand) {
        (UnaryOp::USub, Const::Float(bits)) => Some(Const::float(-f64::from_bits(*bits))),
        (UnaryOp::UAdd, Const::Float(_) | Const::Complex(..)) => Some(operand),
        (UnaryOp::USub, Const::Complex(real, imag)) => {
            let negate = |bits: u64| (-f64::from_bits(bits)).to_bits();
            Some(Const::Complex(negate(*real), negate(*imag)))
        }
        // Folding ~True would hide a warning.
        (UnaryOp::Invert, Const::Bool(_)) => None,
        _ => {
            let value = big(&operand)?;
            Some(int(match op {
                UnaryOp::USub => -value,
                UnaryOp::Invert => -value - 1,
                _ => value,
            }))
        }
    }
}

fn fold_binary(op: Operator, left: Const, right: Const) -> Option<Const> {
    match (&left, &right) {
        (Const::Str(a), Const::Str(b)) if op == Operator::Add => concat(a, b).map(Const::Str),
        (Const::Bytes(a), Const::Bytes(b)) if op == Operator::Add => concat(a, b).map(Const::Bytes),
        (Const::Str(text), Const::Int(count)) | (Const::Int(count), Const::Str(text))
            if op == Operator::Mult =>
        {
            repeat(text, *count).map(Const::Str)
        }
        (Const::Bytes(text), Const::Int(count)) | (Const::Int(count), Const::Bytes(text))
            if op == Operator::Mult =>
        {
            repeat(text, *count).map(Const::Bytes)
        }
        (Const::Tuple(a), Const::Tuple(b)) if op == Operator::Add && a.len() + b.len() <= 256 => {
            Some(Const::Tuple(a.iter().chain(b).cloned().collect()))
        }
        (Const::Complex(..), _) | (_, Const::Complex(..)) => fold_complex(op, &left, &right),
        (Const::Float(_), _) | (_, Const::Float(_)) => fold_float(op, float(&left)?, float(&right)?),
        _ => fold_int(op, &left, &right),
    }
}

fn concat(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    (a.len() + b.len() <= MAX_TEXT).then(|| [a, b].concat()).filter(|_| !splits_a_surrogate_pair(a, b))
}

/// Joining WTF-8 needs care where a high and a low surrogate meet; such texts are left to run time.
fn splits_a_surrogate_pair(a: &[u8], b: &[u8]) -> bool {
    a.last_chunk::<3>().is_some_and(|end| end[0] == 0xed && end[1] >= 0xa0) && b.first() == Some(&0xed)
}

fn repeat(text: &[u8], count: i64) -> Option<Vec<u8>> {
    let count = usize::try_from(count.max(0)).ok()?;
    let fits = text.len().checked_mul(count).is_some_and(|length| length <= MAX_TEXT);
    (fits && !splits_a_surrogate_pair(text, text)).then(|| text.repeat(count))
}

fn fold_float(op: Operator, a: f64, b: f64) -> Option<Const> {
    match op {
        Operator::Add => Some(Const::float(a + b)),
        Operator::Sub => Some(Const::float(a - b)),
        Operator::Mult => Some(Const::float(a * b)),
        Operator::Div if b != 0.0 => Some(Const::float(a / b)),
        _ => None,
    }
}

/// Only what complex literals such as `1 - 2j` need.
fn fold_complex(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    let Const::Complex(real, imag) = right else { return None };
    let (a, real, imag) = (float(left)?, f64::from_bits(*real), f64::from_bits(*imag));
    match op {
        Operator::Add => Some(Const::Complex((a + real).to_bits(), imag.to_bits())),
        Operator::Sub => Some(Const::Complex((a - real).to_bits(), (-imag).to_bits())),
        _ => None,
    }
}

fn fold_int(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    let (a, b) = (big(left)?, big(right)?);
    let both_bool = matches!((left, right), (Const::Bool(_), Const::Bool(_)));
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult if a.bits() + b.bits() <= MAX_BITS => a * b,
        Operator::FloorDiv if b.sign() != Sign::NoSign => floor_div(&a, &b),
        Operator::Mod if b.sign() != Sign::NoSign => &a - floor_div(&a, &b) * &b,
        Operator::Pow => power(&a, &b)?,
        Operator::LShift => a << shift_count(&b)?,
        Operator::RShift => a >> shift_count(&b)?,
        Operator::BitAnd if !both_bool => a & b,
        Operator::BitOr if !both_bool => a | b,
        Operator::BitXor if !both_bool => a ^ b,
        Operator::Div => return fold_float(op, float(left)?, float(right)?),
        _ => return None,
    };
    Some(int(value))
}

fn floor_div(a: &BigInt, b: &BigInt) -> BigInt {
    let quotient = a / b;
    let inexact = &quotient * b != *a;
    if inexact && (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus) { quotient - 1 } else { quotient }
}

fn power(base: &BigInt, exponent: &BigInt) -> Option<BigInt> {
    let exponent = u32::try_from(exponent).ok()?;
    (base.bits().checked_mul(exponent as u64)? <= MAX_BITS).then(|| base.pow(exponent))
}

fn shift_count(count: &BigInt) -> Option<u32> {
    u32::try_from(count).ok().filter(|count| *count as u64 <= MAX_BITS)
}
