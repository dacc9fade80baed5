//! Functions of ints: factorials, combinations, divisors, roots.

use dashu_int::ops::{Gcd, SquareRoot};
use dashu_int::{IBig, UBig};
use hoop_gc::Value;
use hoop_object::bigint::{self, is_negative, order, to_i64, to_ibig};
use hoop_object::errors::PyResult;
use hoop_object::vm::Vm;
use hoop_protocol::protocol;

/// The product of the integers from `low` up to but not including `high`.
fn product(low: u64, high: u64) -> UBig {
    if high - low <= 16 {
        return (low..high).map(UBig::from).fold(UBig::ONE, |p, i| p * i);
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle, high)
}

pub fn factorial(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = protocol::index_value(vm, a[0])?;
    if is_negative(n) {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let Some(n) = to_i64(n) else {
        return Err(vm.overflow_error("factorial() argument should not exceed 9223372036854775807"));
    };
    if n > 1 << 31 {
        return Err(vm.memory_error());
    }
    let r = product(1, n as u64 + 1);
    bigint::int_from_ibig(vm, &IBig::from(r))
}

/// `n * (n - 1) * ...`, `k` factors.
fn falling(n: &UBig, k: u64) -> UBig {
    if k <= 8 {
        return (0..k).fold(UBig::ONE, |p, i| p * (n - UBig::from(i)));
    }
    let half = k / 2;
    falling(n, half) * falling(&(n - UBig::from(half)), k - half)
}

fn natural(vm: &mut Vm, v: Value, name: &str) -> PyResult {
    let n = protocol::index_value(vm, v)?;
    if is_negative(n) {
        return Err(vm.value_error(format!("{name} must be a non-negative integer")));
    }
    Ok(n)
}

pub fn perm(vm: &mut Vm, a: &[Value]) -> PyResult {
    if matches!(a[1], Value::UNBOUND | Value::NONE) {
        return factorial(vm, a);
    }
    let n = natural(vm, a[0], "n")?;
    let k = natural(vm, a[1], "k")?;
    if order(n, k).is_lt() {
        return Ok(Value::int(0));
    }
    let Some(k) = to_i64(k) else {
        return Err(vm.overflow_error("k must not exceed 9223372036854775807"));
    };
    let r = falling(&to_ibig(n).into_parts().1, k as u64);
    bigint::int_from_ibig(vm, &IBig::from(r))
}

pub fn comb(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = natural(vm, a[0], "n")?;
    let k = natural(vm, a[1], "k")?;
    if order(n, k).is_lt() {
        return Ok(Value::int(0));
    }
    let (n, k) = (to_ibig(n).into_parts().1, to_ibig(k).into_parts().1);
    let other = &n - &k;
    let k = if other < k { other } else { k };
    let Ok(k) = u64::try_from(&k) else {
        return Err(vm.overflow_error("min(n - k, k) must not exceed 9223372036854775807"));
    };
    let r = combinations(&n, k);
    bigint::int_from_ibig(vm, &IBig::from(r))
}

/// `C(n, k)`: halves of the work by `C(n, k) = C(n, j) * C(n - j, k - j) / C(k, j)`.
fn combinations(n: &UBig, k: u64) -> UBig {
    if k <= 16 {
        return falling(n, k) / product(1, k + 1);
    }
    let j = k / 2;
    combinations(n, j) * combinations(&(n - UBig::from(j)), k - j) / combinations(&UBig::from(k), j)
}

pub fn gcd(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut r = Value::int(0);
    for &v in a {
        let n = protocol::index_value(vm, v)?;
        r = gcd_of(vm, r, n)?;
    }
    Ok(r)
}

fn gcd_of(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        let (mut x, mut y) = (x.unsigned_abs(), y.unsigned_abs());
        while y != 0 {
            (x, y) = (y, x % y);
        }
        return Ok(bigint::int_from_i128(vm, x as i128));
    }
    let (x, y) = (to_ibig(a).into_parts().1, to_ibig(b).into_parts().1);
    let r = if x.is_zero() {
        y
    } else if y.is_zero() {
        x
    } else {
        x.gcd(y)
    };
    bigint::int_from_ibig(vm, &IBig::from(r))
}

pub fn lcm(vm: &mut Vm, a: &[Value]) -> PyResult {
    use hoop_object::operator::BinOp;
    let mut r = Value::int(1);
    for &v in a {
        let n = protocol::index_value(vm, v)?;
        if r == Value::int(0) || n == Value::int(0) {
            r = Value::int(0);
            continue;
        }
        let g = gcd_of(vm, r, n)?;
        let factor = bigint::int_binary(vm, BinOp::FloorDiv, r, g)?;
        let product = bigint::int_binary(vm, BinOp::Mul, factor, n)?;
        r = bigint::int_abs(vm, product)?;
    }
    Ok(r)
}

pub fn isqrt(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = protocol::index_value(vm, a[0])?;
    if is_negative(n) {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    if let Some(i) = n.as_int() {
        return Ok(Value::int(i.isqrt()));
    }
    let r = to_ibig(n).into_parts().1.sqrt();
    bigint::int_from_ibig(vm, &IBig::from(r))
}
