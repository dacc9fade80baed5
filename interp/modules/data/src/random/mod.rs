//! The module `random`: class `Random` over a Mersenne Twister, `SystemRandom`, and the methods of one instance as
//! functions. For a seed the numbers are CPython's.

mod choose;
mod distributions;
mod twister;

use dashu_int::{IBig, UBig};
use distributions::Source;
use hoop_engine::float_of;
use hoop_gc::{Marker, Value};
use hoop_object::bigint::{self, bit_length, is_negative, operand as int_operand, order, to_i64, to_ibig};
use hoop_object::errors::PyResult;
use hoop_object::foreign::Foreign;
use hoop_object::kind::Kind;
use hoop_object::module;
use hoop_object::operator::BinOp;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes};
use hoop_object::tuple::{self, tuple_items};
use hoop_object::vm::{NativeModule, Vm};
use hoop_protocol::{attributes, call, protocol};
use hoop_types::classes::object;
use hoop_types::numbers::{float, int};
use hoop_types::support::{names_of, new_object, state_of};
use sha2::{Digest, Sha512};
use std::hash::{BuildHasher, Hasher};
use std::io::Read;
use std::sync::atomic::{AtomicU32, Ordering};
use twister::Twister;

pub static MODULE: NativeModule = NativeModule { name: "random", init };

/// Where the bits of an instance come from.
enum Bits {
    Twister(Box<Twister>),
    System,
}

/// The state of a `Random`.
pub struct Random {
    bits: Bits,
    gauss_next: Option<f64>,
}

impl Foreign for Random {
    fn trace(&self, _: &mut Marker) {}
}

impl Random {
    /// At most 64 bits.
    fn bits(&mut self, k: u32) -> u64 {
        match &mut self.bits {
            Bits::Twister(t) => t.bits(k),
            Bits::System if k == 0 => 0,
            Bits::System => system_word() >> (64 - k),
        }
    }

    fn words(&mut self, k: usize) -> Vec<u32> {
        match &mut self.bits {
            Bits::Twister(t) => t.words(k),
            Bits::System => {
                let count = k.div_ceil(32);
                let mut words: Vec<u32> = (0..count).map(|_| system_word() as u32).collect();
                if let (Some(last), extra @ 1..) = (words.last_mut(), count * 32 - k) {
                    *last >>= extra;
                }
                words
            }
        }
    }

    fn below(&mut self, n: u64) -> u64 {
        match &mut self.bits {
            Bits::Twister(t) => t.below(n),
            Bits::System => loop {
                let r = system_word() >> n.leading_zeros();
                if r < n {
                    return r;
                }
            },
        }
    }
}

impl Source for Random {
    fn float(&mut self) -> f64 {
        match &mut self.bits {
            Bits::Twister(t) => t.float(),
            Bits::System => (system_word() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0),
        }
    }
}

/// 64 bits from the system's source of randomness.
fn system_word() -> u64 {
    let mut bytes = [0; 8];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes));
    match read {
        Ok(()) => u64::from_le_bytes(bytes),
        // Where there is no such file: the standard library's random hash keys.
        Err(_) => std::collections::hash_map::RandomState::new().build_hasher().finish(),
    }
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", |vm, a| {
        let state = Random { bits: Bits::Twister(Box::new(fresh_twister())), gauss_next: None };
        Ok(new_object(vm, a[0], state))
    }),
    NativeDef::new("__init__", "$self, x=None", |vm, a| seed(vm, a[0], a[1], 2)),
    NativeDef::new("seed", "$self, a=None, version=2", |vm, a| {
        let version = if a[2] == Value::UNBOUND { 2 } else { protocol::index(vm, a[2])? };
        seed(vm, a[0], a[1], version)
    }),
    NativeDef::new("getstate", "$self, /", get_state),
    NativeDef::new("setstate", "$self, state, /", set_state),
    NativeDef::new("random", "$self, /", |vm, a| {
        let x = this(vm, a[0])?.float();
        Ok(vm.ctx.box_float(x))
    }),
    NativeDef::new("getrandbits", "$self, k, /", get_bits),
    NativeDef::new("randbytes", "$self, n", rand_bytes),
    NativeDef::new("randrange", "$self, start, stop=None, step=1", rand_range),
    NativeDef::new("randint", "$self, a, b", |vm, a| {
        let (low, high) = (protocol::index_value(vm, a[1])?, protocol::index_value(vm, a[2])?);
        if order(high, low).is_lt() {
            let text = format!(
                "empty range in randint({}, {})",
                int::int_decimal(vm, low)?,
                int::int_decimal(vm, high)?
            );
            return Err(vm.value_error(text));
        }
        let stop = bigint::int_binary(vm, BinOp::Add, high, Value::int(1))?;
        range_of(vm, a[0], low, stop)
    }),
    NativeDef::new("choice", "$self, seq", choose::choice),
    NativeDef::new("choices", "$self, population, weights=None, *, cum_weights=None, k=1", choose::choices),
    NativeDef::new("shuffle", "$self, x", choose::shuffle),
    NativeDef::new("sample", "$self, population, k, *, counts=None", choose::sample),
    NativeDef::new("uniform", "$self, a, b", |vm, a| draw(vm, a, |r, p, q| p + (q - p) * r.float())),
    NativeDef::new("triangular", "$self, low=0.0, high=1.0, mode=None", triangular),
    NativeDef::new("normalvariate", "$self, mu=0.0, sigma=1.0", |vm, a| {
        draw_or(vm, a, [0.0, 1.0], distributions::normal)
    }),
    NativeDef::new("gauss", "$self, mu=0.0, sigma=1.0", |vm, a| draw_or(vm, a, [0.0, 1.0], gauss)),
    NativeDef::new("lognormvariate", "$self, mu, sigma", |vm, a| {
        draw(vm, a, |r, mu, sigma| distributions::normal(r, mu, sigma).exp())
    }),
    NativeDef::new("expovariate", "$self, lambd=1.0", exponential),
    NativeDef::new("vonmisesvariate", "$self, mu, kappa", |vm, a| {
        draw(vm, a, |s, p, q| distributions::von_mises(s, p, q))
    }),
    NativeDef::new("gammavariate", "$self, alpha, beta", |vm, a| {
        check_gamma(vm, &a[1..])?;
        draw(vm, a, |s, p, q| distributions::gamma(s, p, q))
    }),
    NativeDef::new("betavariate", "$self, alpha, beta", |vm, a| {
        check_gamma(vm, &a[1..])?;
        draw(vm, a, |s, p, q| distributions::beta(s, p, q))
    }),
    NativeDef::new("paretovariate", "$self, alpha", |vm, a| {
        let alpha = float::real_number(vm, a[1])?;
        let x = distributions::pareto(this(vm, a[0])?, alpha);
        Ok(vm.ctx.box_float(x))
    }),
    NativeDef::new("weibullvariate", "$self, alpha, beta", |vm, a| {
        draw(vm, a, |s, p, q| distributions::weibull(s, p, q))
    }),
    NativeDef::new("binomialvariate", "$self, n=1, p=0.5", binomial),
];

/// Methods that the module has as functions.
const FUNCTIONS: &[&str] = &[
    "seed",
    "getstate",
    "setstate",
    "random",
    "getrandbits",
    "randbytes",
    "randrange",
    "randint",
    "choice",
    "choices",
    "shuffle",
    "sample",
    "uniform",
    "triangular",
    "normalvariate",
    "gauss",
    "lognormvariate",
    "expovariate",
    "vonmisesvariate",
    "gammavariate",
    "betavariate",
    "paretovariate",
    "weibullvariate",
    "binomialvariate",
];

const SYSTEM_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args, **kwargs", |vm, a| {
        Ok(new_object(vm, a[0], Random { bits: Bits::System, gauss_next: None }))
    }),
    NativeDef::new("__init__", "$self, x=None", |_, _| Ok(Value::NONE)),
    NativeDef::new("seed", "$self, *args, **kwds", |_, _| Ok(Value::NONE)),
];

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = names_of(module);
    let class = object::new_native_class(vm, "Random", "random", Kind::Foreign, METHODS)?;
    module::set_global(vm, ns, "Random", class);
    let system = object::new_native_class(vm, "SystemRandom", "random", Kind::Foreign, METHODS)?;
    vm.add_methods(system, SYSTEM_METHODS);
    module::set_global(vm, ns, "SystemRandom", system);
    let instance = call::call(vm, class, &[])?;
    module::set_global(vm, ns, "_inst", instance);
    for name in FUNCTIONS {
        let key = text::intern(vm, name.as_bytes());
        let method = attributes::getattr(vm, instance, key)?;
        module::set_global(vm, ns, name, method);
    }
    for (name, x) in distributions::CONSTANTS {
        let v = vm.ctx.box_float(x());
        module::set_global(vm, ns, name, v);
    }
    module::set_global(vm, ns, "BPF", Value::int(53));
    Ok(())
}

pub(crate) fn this<'a>(vm: &mut Vm, v: Value) -> PyResult<&'a mut Random> {
    state_of::<Random>(vm, v, "Random")
}

// ---- seeds and states

fn fresh_twister() -> Twister {
    let key: Vec<u32> = (0..8).map(|_| system_word() as u32).collect();
    Twister::from_words(&key)
}

fn seed(vm: &mut Vm, this_v: Value, a: Value, version: i64) -> PyResult {
    let twister = match a {
        Value::UNBOUND | Value::NONE => fresh_twister(),
        a => seeded(vm, a, version)?,
    };
    let r = this(vm, this_v)?;
    if matches!(r.bits, Bits::Twister(_)) {
        r.bits = Bits::Twister(Box::new(twister));
    }
    r.gauss_next = None;
    Ok(Value::NONE)
}

fn seeded(vm: &mut Vm, a: Value, version: i64) -> PyResult<Twister> {
    if let Some(i) = int_operand(vm, a) {
        return Ok(from_magnitude(&to_ibig(i).into_parts().1));
    }
    let inner = vm.unwrap(a);
    let text = match vm.kind(inner) {
        Kind::Str if version == 1 => return Ok(from_magnitude(&UBig::from(old_text_seed(str_bytes(inner))))),
        Kind::Str => str_bytes(inner).to_vec(),
        Kind::Bytes => bytes_data(inner).to_vec(),
        Kind::ByteArray => bytearray_data(inner).to_vec(),
        _ if float_of(inner).is_some() => {
            let h = protocol::hash(vm, a)?;
            return Ok(from_magnitude(&UBig::from(h as u64)));
        }
        _ => {
            let text = "The only supported seed types are:\nNone, int, float, str, bytes, and bytearray.";
            return Err(vm.type_error(text));
        }
    };
    let digest = Sha512::digest(&text);
    let bytes: Vec<u8> = text.iter().copied().chain(digest.iter().copied()).collect();
    Ok(from_magnitude(&UBig::from_be_bytes(&bytes)))
}

/// The seed of a text by version 1.
fn old_text_seed(text: &[u8]) -> u64 {
    let points: Vec<u64> = hoop_text::wtf8::code_points(text).map(|c| c as u64).collect();
    let start = points.first().map_or(0, |c| c << 7);
    let x = points.iter().fold(start, |x, c| 1_000_003u64.wrapping_mul(x) ^ c) ^ points.len() as u64;
    if x == u64::MAX { u64::MAX - 1 } else { x }
}

fn from_magnitude(n: &UBig) -> Twister {
    let mut key: Vec<u32> = n.as_words().iter().flat_map(|&w| [w as u32, (w >> 32) as u32]).collect();
    while key.len() > 1 && key.last() == Some(&0) {
        key.pop();
    }
    if key.is_empty() {
        key.push(0);
    }
    Twister::from_words(&key)
}

fn get_state(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0])?;
    let words = match &r.bits {
        Bits::Twister(t) => t.state(),
        Bits::System => return Err(vm.not_implemented_error("System entropy source does not have state.")),
    };
    let next = r.gauss_next;
    let words: Vec<Value> = words.into_iter().map(|w| Value::int(w as i64)).collect();
    let words = tuple::new_tuple(vm, &words)?;
    let next = next.map_or(Value::NONE, |x| vm.ctx.box_float(x));
    tuple::new_tuple(vm, &[Value::int(3), words, next])
}

fn set_state(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bad = "state vector is the wrong size";
    let state = protocol::collect(vm, a[1])?;
    let &[version, words, next] = state.as_slice() else { return Err(vm.value_error(bad)) };
    if version != Value::int(3) {
        let text = format!(
            "state with version {} passed to Random.setstate() of version 3",
            protocol::repr_text(vm, version)?
        );
        return Err(vm.value_error(text));
    }
    if vm.kind(words) != Kind::Tuple {
        return Err(vm.type_error("state vector must be a tuple"));
    }
    let words: Vec<u32> = tuple_items(words).iter().map(|w| w.as_int().unwrap_or(0) as u32).collect();
    let Some(twister) = Twister::from_state(&words) else { return Err(vm.value_error(bad)) };
    let r = this(vm, a[0])?;
    r.bits = Bits::Twister(Box::new(twister));
    r.gauss_next = float_of(next);
    Ok(Value::NONE)
}

// ---- whole numbers

fn int_of_words(vm: &mut Vm, words: &[u32]) -> PyResult {
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    bigint::int_from_ibig(vm, &IBig::from(UBig::from_le_bytes(&bytes)))
}

fn get_bits(vm: &mut Vm, a: &[Value]) -> PyResult {
    let k = protocol::index(vm, a[1])?;
    if k < 0 {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    let r = this(vm, a[0])?;
    if k <= 64 {
        let bits = r.bits(k as u32);
        return Ok(bigint::int_from_u64(vm, bits));
    }
    vm.check_room(k as usize)?;
    let words = this(vm, a[0])?.words(k as usize);
    int_of_words(vm, &words)
}

fn rand_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = protocol::index(vm, a[1])?;
    if n < 0 {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    let n = n as usize;
    vm.check_room(n.saturating_mul(4))?;
    let words = this(vm, a[0])?.words(n * 8);
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).take(n).collect();
    text::new_bytes(vm, &bytes)
}

/// A whole number below `n`, an int object that is not below 1.
fn below(vm: &mut Vm, this_v: Value, n: Value) -> PyResult {
    let r = this(vm, this_v)?;
    if let Some(n) = n.as_int() {
        return Ok(Value::int(r.below(n as u64) as i64));
    }
    let k = bit_length(n);
    loop {
        let words = this(vm, this_v)?.words(k);
        let v = int_of_words(vm, &words)?;
        if order(v, n).is_lt() {
            return Ok(v);
        }
    }
}

/// A whole number from `start` up to but not including `stop`.
fn range_of(vm: &mut Vm, this_v: Value, start: Value, stop: Value) -> PyResult {
    let width = bigint::int_binary(vm, BinOp::Sub, stop, start)?;
    if is_negative(width) || width == Value::int(0) {
        let text = format!(
            "empty range in randrange({}, {})",
            int::int_decimal(vm, start)?,
            int::int_decimal(vm, stop)?
        );
        return Err(vm.value_error(text));
    }
    let r = below(vm, this_v, width)?;
    bigint::int_binary(vm, BinOp::Add, start, r)
}

fn rand_range(vm: &mut Vm, a: &[Value]) -> PyResult {
    let start = protocol::index_value(vm, a[1])?;
    let step = if a[3] == Value::UNBOUND { Value::int(1) } else { protocol::index_value(vm, a[3])? };
    if matches!(a[2], Value::UNBOUND | Value::NONE) {
        if a[3] != Value::UNBOUND && step != Value::int(1) {
            return Err(vm.type_error("Missing a non-None stop argument"));
        }
        if is_negative(start) || start == Value::int(0) {
            return Err(vm.value_error("empty range for randrange()"));
        }
        return below(vm, a[0], start);
    }
    let stop = protocol::index_value(vm, a[2])?;
    if step == Value::int(1) {
        return range_of(vm, a[0], start, stop);
    }
    if step == Value::int(0) {
        return Err(vm.value_error("zero step for randrange()"));
    }
    let (width, size) = match is_negative(step) {
        true => (bigint::int_binary(vm, BinOp::Sub, start, stop)?, bigint::int_neg(vm, step)?),
        false => (bigint::int_binary(vm, BinOp::Sub, stop, start)?, step),
    };
    if is_negative(width) || width == Value::int(0) {
        let [p, q, s] = [start, stop, step].map(|v| int::int_decimal(vm, v));
        return Err(vm.value_error(format!("empty range in randrange({}, {}, {})", p?, q?, s?)));
    }
    let last = bigint::int_binary(vm, BinOp::Sub, width, Value::int(1))?;
    let (steps, _) = bigint::int_div_mod(vm, last, size)?;
    let count = bigint::int_binary(vm, BinOp::Add, steps, Value::int(1))?;
    let r = below(vm, a[0], count)?;
    let offset = bigint::int_binary(vm, BinOp::Mul, r, step)?;
    bigint::int_binary(vm, BinOp::Add, start, offset)
}

// ---- distributions

/// A draw with two required parameters.
fn draw(vm: &mut Vm, a: &[Value], f: fn(&mut Patient, f64, f64) -> f64) -> PyResult {
    let (p, q) = (float::real_number(vm, a[1])?, float::real_number(vm, a[2])?);
    loop {
        let random = this(vm, a[0])?;
        let mut source = Patient { random, interrupt: &vm.ctx.interrupt, draws: 0, stopped: false };
        let x = f(&mut source, p, q);
        if !source.stopped {
            return Ok(vm.ctx.box_float(x));
        }
        (vm.hooks.interrupts)(vm)?;
    }
}

/// Numbers for one draw, which is given up when it is long and the interpreter has something else to do (Ctrl-C).
struct Patient<'a> {
    random: &'a mut Random,
    interrupt: &'a AtomicU32,
    draws: u32,
    stopped: bool,
}

impl Source for Patient<'_> {
    fn float(&mut self) -> f64 {
        self.draws += 1;
        self.random.float()
    }

    fn stop(&mut self) -> bool {
        const LONG: u32 = 100_000;
        self.stopped = self.draws > LONG && self.interrupt.load(Ordering::Relaxed) != 0;
        self.stopped
    }
}

/// A draw with two optional parameters.
fn draw_or(vm: &mut Vm, a: &[Value], defaults: [f64; 2], f: fn(&mut Random, f64, f64) -> f64) -> PyResult {
    let p = if a[1] == Value::UNBOUND { defaults[0] } else { float::real_number(vm, a[1])? };
    let q = if a[2] == Value::UNBOUND { defaults[1] } else { float::real_number(vm, a[2])? };
    let x = f(this(vm, a[0])?, p, q);
    Ok(vm.ctx.box_float(x))
}

/// Box and Muller's pairs: the second one is kept for the next call.
fn gauss(r: &mut Random, mu: f64, sigma: f64) -> f64 {
    let z = r.gauss_next.take().unwrap_or_else(|| {
        let angle = r.float() * std::f64::consts::TAU;
        let radius = (-2.0 * (1.0 - r.float()).ln()).sqrt();
        r.gauss_next = Some(angle.sin() * radius);
        angle.cos() * radius
    });
    mu + z * sigma
}

fn triangular(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut low = if a[1] == Value::UNBOUND { 0.0 } else { float::real_number(vm, a[1])? };
    let mut high = if a[2] == Value::UNBOUND { 1.0 } else { float::real_number(vm, a[2])? };
    let mut u = this(vm, a[0])?.float();
    let mut c = match a[3] {
        Value::UNBOUND | Value::NONE => 0.5,
        _ if high == low => return Ok(a[1]),
        mode => (float::real_number(vm, mode)? - low) / (high - low),
    };
    if u > c {
        (u, c) = (1.0 - u, 1.0 - c);
        (low, high) = (high, low);
    }
    Ok(vm.ctx.box_float(low + (high - low) * (u * c).sqrt()))
}

fn exponential(vm: &mut Vm, a: &[Value]) -> PyResult {
    let lambda = if a[1] == Value::UNBOUND { 1.0 } else { float::real_number(vm, a[1])? };
    if lambda == 0.0 {
        return Err(vm.zero_division("division by zero"));
    }
    let x = distributions::exponential(this(vm, a[0])?, lambda);
    Ok(vm.ctx.box_float(x))
}

fn check_gamma(vm: &mut Vm, a: &[Value]) -> PyResult<()> {
    for &v in a {
        if float::real_number(vm, v)? <= 0.0 {
            return Err(vm.value_error("gammavariate: alpha and beta must be > 0.0"));
        }
    }
    Ok(())
}

fn binomial(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = if a[1] == Value::UNBOUND { Value::int(1) } else { protocol::index_value(vm, a[1])? };
    let p = if a[2] == Value::UNBOUND { 0.5 } else { float::real_number(vm, a[2])? };
    if is_negative(n) {
        return Err(vm.value_error("n must be non-negative"));
    }
    if !(0.0..=1.0).contains(&p) {
        return Err(vm.value_error("p must be in the range 0.0 <= p <= 1.0"));
    }
    let Some(n) = to_i64(n) else { return Err(vm.overflow_error("int too large to convert to float")) };
    let k = distributions::binomial(this(vm, a[0])?, n, p);
    Ok(bigint::int_from_i64(vm, k))
}
