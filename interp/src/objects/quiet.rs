//! Look-ups in dicts and sets that run no Python code, whatever the keys are: where Python code would have to decide,
//! the answer is that it is not known.

use super::dict::Found;
use super::kind::Kind;
use super::tuple::tuple_items;
use crate::hash::int_hash;
use crate::vm::Vm;
use hoop_gc::Value;

impl Vm {
    /// Hashing the value and comparing it with others of these kinds is built in.
    fn is_quiet(&self, v: Value) -> bool {
        match self.kind(v) {
            Kind::Int | Kind::BigInt | Kind::Str | Kind::Bytes | Kind::Float | Kind::Bool | Kind::None => {
                true
            }
            Kind::Tuple => tuple_items(v).iter().all(|&item| self.is_quiet(item)),
            _ => false,
        }
    }

    /// Where the key's entry is.
    #[inline]
    pub fn find_quietly(&mut self, d: Value, key: Value) -> Found {
        if key.is_int() {
            return self.find_hashed_quietly(d, key, int_hash(key.int_unchecked()));
        }
        if self.kind(key) == Kind::Str {
            let hash = self.str_hash(key);
            return self.find_hashed_quietly(d, key, hash);
        }
        if !self.is_quiet(key) {
            return Found::Unknown;
        }
        match self.hash(key) {
            Ok(hash) => self.find_hashed_quietly(d, key, hash),
            Err(_) => self.nothing_known(),
        }
    }

    /// Whether two keys of the same hash are equal; `key` is quiet.
    pub(super) fn equal_quietly(&mut self, key: Value, other: Value) -> Option<bool> {
        if !self.is_quiet(other) {
            return None;
        }
        match self.eq(other, key) {
            Ok(equal) => Some(equal),
            Err(_) => {
                self.nothing_known();
                None
            }
        }
    }

    /// Nested too deeply, say: the ordinary look-up will raise it again.
    #[cold]
    fn nothing_known(&mut self) -> Found {
        self.ctx.thread.pending = None;
        Found::Unknown
    }
}
