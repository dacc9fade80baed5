//! The toy's native functions: each a Rust function, its C face for compiled code, its row, and the call of it over an
//! engine.

use super::*;

type Res<T> = Result<T, Raise>;

/// Runs frames down to `floor`, through the tracer if there is one.
pub fn execute(vm: &mut Vm, floor: usize) -> Res<Value> {
    if let Some(jit) = vm.jit.clone() {
        return jit.execute(vm, floor);
    }
    match Toy::run(vm, floor) {
        RunExit::Done(r) => r,
        _ => unreachable!("without a tracer nothing is hot"),
    }
}

/// The machine behind a context pointer.
///
/// # Safety
/// `ctx` is the address of a live `Vm` that nobody uses meanwhile.
unsafe fn vm_at<'a>(ctx: *mut u8) -> &'a mut Vm {
    // SAFETY: see above.
    unsafe { &mut *ctx.cast() }
}

fn value(word: u64) -> Value {
    Value::from_bits(word).unwrap_or(Value::UNBOUND)
}

macro_rules! native {
    ($name:ident($($arg:ident: $kind:ident),*) -> $ret:ident as $called:ident, $effects:expr, $row:ident, |$vm:ident| $body:expr) => {
        pub static $row: Callee = Callee {
            name: stringify!($name),
            addr: {
                extern "C" fn face(ctx: *mut u8, $($arg: u64),*) -> u64 {
                    // SAFETY: compiled code passes its context, which is the machine.
                    let $vm = unsafe { vm_at(ctx) };
                    $( let $arg = from_word::$kind($arg); )*
                    let r: Res<plain::$ret> = $body;
                    r.map_or(0, |v| to_word::$ret(v))
                }
                face as *const ()
            },
            args: &[$( ty::$kind, )*],
            slice: false,
            ret: ty::$ret,
            effects: $effects,
        };

        pub fn $name<E: Engine<Vm = Vm>>(e: &mut E, $($arg: over::$kind<E>),*) -> Res<over::$ret<E>> {
            e.before_call(&$row);
            let args = [$( arg::$kind($arg), )*];
            $( let $arg = now::$kind(e, $arg); )*
            let $vm = e.vm();
            let r: Res<plain::$ret> = $body;
            e.$called(&$row, &args, r)
        }
    };
}

#[allow(non_camel_case_types)]
mod plain {
    pub type val = super::Value;
    pub type int = i64;
    pub type void = ();
    pub type boolean = bool;
}

#[allow(non_camel_case_types)]
mod over {
    use super::Engine;
    pub type val<E> = <E as Engine>::Val;
    pub type int<E> = <E as Engine>::Int;
    pub type boolean<E> = <E as Engine>::Bool;
    pub type void<E> = <E as VoidOf>::Of;
    pub trait VoidOf {
        type Of;
    }
    impl<E> VoidOf for E {
        type Of = ();
    }
}

#[allow(non_upper_case_globals)]
mod ty {
    use hoop_engine::Ty;
    pub const val: Ty = Ty::Val;
    pub const int: Ty = Ty::Int;
    pub const boolean: Ty = Ty::Int;
    pub const void: Ty = Ty::Void;
}

mod from_word {
    pub fn val(w: u64) -> super::Value {
        super::value(w)
    }
    pub fn int(w: u64) -> i64 {
        w as i64
    }
}

mod to_word {
    pub fn val(v: super::Value) -> u64 {
        v.bits()
    }
    pub fn int(i: i64) -> u64 {
        i as u64
    }
    pub fn boolean(b: bool) -> u64 {
        b as u64
    }
    pub fn void(_: ()) -> u64 {
        0
    }
}

mod arg {
    use super::{Arg, Engine};
    pub fn val<E: Engine>(v: E::Val) -> Arg<E> {
        Arg::Val(v)
    }
    pub fn int<E: Engine>(i: E::Int) -> Arg<E> {
        Arg::Int(i)
    }
}

mod now {
    use super::{Engine, Value};
    pub fn val<E: Engine>(e: &E, v: E::Val) -> Value {
        e.now_val(v)
    }
    pub fn int<E: Engine>(e: &E, i: E::Int) -> i64 {
        e.now_int(i)
    }
}

fn raise(vm: &mut Vm, number: i64) -> Raise {
    let x = vm.context.alloc(shapes::ERROR, 1);
    PAYLOAD.init(x, Value::int(number));
    vm.context.thread.pending = Some(x);
    Raise
}

const GUEST: Effects = Effects { sees_frames: false, ..Effects::ALL };

native!(new_list(n: int) -> val as called_val, Effects::PURE.reading(0).allocating().raising(), NEW_LIST, |vm| {
    if !(0..1000).contains(&n) {
        Err(raise(vm, 20))
    } else {
        match vm.context.heap.alloc_tail(shapes::INT_LIST, 1, n as usize, 8) {
            Some(p) => Ok(Value::from_ptr(p)),
            None => Err(raise(vm, 21)),
        }
    }
});

// A list of ints becomes a general one, in place.
native!(generalize(list: val) -> void as called_void, Effects::PURE.reading(1 << 6).writing(1 | 1 << 5), GENERALIZE, |vm| {
    let n = LENGTH.read(list) as usize;
    let ints = INTS.slice(list, n).to_vec();
    // SAFETY: `list` is a heap object of a list shape; every item is written below before anything allocates.
    unsafe { (*list.ptr()).shape = shapes::LIST };
    for (slot, i) in ITEMS.slice_mut(list, n).iter_mut().zip(ints) {
        *slot = Some(Value::int(i));
    }
    _ = vm;
    Ok(())
});

native!(new_generator(code: val, arg: val) -> val as called_val, Effects::PURE.allocating().reading(0).raising(), NEW_GENERATOR, |vm| {
    let c = Code::of(code);
    let n = c.registers as usize;
    match vm.context.heap.alloc_tail(shapes::GENERATOR, 3, n, 8) {
        None => Err(raise(vm, 21)),
        Some(p) => {
            let g = Value::from_ptr(p);
            GEN_PC.write(g, 0);
            GEN_CODE.init(g, code);
            for i in 0..n {
                let v = if i == 0 && c.params > 0 { arg } else { Value::UNBOUND };
                Field::<V>::new("register", GEN_REGISTERS.descr.offset + 8 * i as i32, MemTy::Val, 63).init(g, v);
            }
            Ok(g)
        }
    }
});

native!(store_global(cell: val, v: val) -> void as called_void, GUEST, STORE_GLOBAL, |vm| {
    vm.context.write(cell, &CELL_VALUE, v);
    vm.context.assumptions.invalidate(cell);
    Ok(())
});

native!(print(v: val) -> void as called_void, Effects::PURE.reading(!0).writing(1 << 20), PRINT, |vm| {
    vm.log.push(show(v, 3));
    Ok(())
});

native!(picky(v: val) -> val as called_val, Effects::PURE.writing(1 << 20).raising(), PICKY, |vm| {
    match v.as_int() {
        Some(i) if i < 0 => Err(raise(vm, 1000 - i)),
        Some(i) if fits_int(i + 1) => {
            vm.log.push(format!("picky {i}"));
            Ok(Value::int(i + 1))
        }
        _ => Ok(v),
    }
});

native!(hash(n: int) -> int as called_int, Effects::PURE, HASH, |vm| {
    _ = vm;
    Ok((n.wrapping_mul(0x9e37_79b9) >> 3) & 0xffff)
});

native!(odd(n: int) -> boolean as called_bool, Effects::PURE, ODD, |vm| {
    _ = vm;
    Ok(n & 1 != 0)
});

native!(apply(code: val, v: val) -> val as called_val, GUEST, APPLY, |vm| {
    let new = NewFrame { ret: RET_BOUNDARY, ..Toy::new_frame(code) };
    let floor = vm.context.thread.frames.depth();
    if !vm.context.thread.frames.push(&new) {
        Err(raise(vm, 7))
    } else {
        if Code::of(code).params > 0 {
            Run::new(vm).store(Reg(0), v);
        }
        execute(vm, floor)
    }
});
