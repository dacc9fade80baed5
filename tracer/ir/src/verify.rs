//! Checks that a trace is well formed. Runs between passes in debug builds.
//!
//! Invariants:
//!
//! 1. **Order.** Inputs come first and in order, as many and of the types that the entry says; a loop's are all `Val`.
//!    Constants may stand between them.
//! 2. **End.** The last operation is an end, and no other is.
//! 3. **Definition.** Every operand (fixed, in a list, in a snapshot, in a virtual of a snapshot) is an operation that
//!    stands before its user and has a result.
//! 4. **Types.** Fixed operands have the types that the table says; unused operand places are `NONE`.
//! 5. **Lists.** An operation has a list only if the table says so, and it lies inside `Trace::lists`.
//! 6. **Label.** At most one. Its parameters follow at once, numbered from 0, one for each item of its list and of its
//!    type; no parameter stands elsewhere.
//! 7. **Jump.** Its list agrees in number and types with the label's parameters, or, in a loop without label, with its
//!    inputs. A bridge without label does not jump. Lists of jumps to other fragments are not `Bool`; those of
//!    `jump_fragment` and `call_fragment` are all `Val`.
//! 8. **Guards.** Every guard and `exit` has a snapshot; of the others only calls and ends may. Snapshot ids exist.
//! 9. **Snapshots** have at least one frame (when used). Registers ascend. Codes are roots. Owners are `Val` or
//!    virtual. A pending store's object is `Val` or virtual, its value suits the field, it has an `Int` index if and
//!    only if the field is an array.
//! 10. **Virtuals** exist, have a size of a whole number of words that holds their header and fields, and set no field
//!     twice. A field's content has the field's type; a `Val` field takes any (it is boxed by its type when the object
//!     is built, as in a register) and alone takes a virtual; array fields do not occur.
//! 11. **Descriptors.** Field and callee ids exist; the operation suits the field's type and arrayness; a call's list
//!     and result agree with the callee (with `slice`, further arguments are `Val`), `cond_call`'s callee returns nothing.
//! 12. **Constants.** `const_val` is neither 0 nor a pointer (low three bits 0); `const_ref`, code and place indices
//!     lie in their tables.
//! 13. **Fail arguments** of an exit are at most [`MAX_FAIL_ARGS`].

use crate::descr::{CalleeId, Descriptors, FieldDescr, FieldId};
use crate::op::{Effect, Imm, Opcode, Ty};
use crate::text::{print_op, ty_text};
use crate::trace::{Entry, Op, OpRef, SnapVal, Snapshot, SnapshotId, Trace, Virtual, new_parts};
use std::collections::HashSet;
use std::fmt;

/// Most fail arguments that an exit may have: the size of the exchange area in words.
pub const MAX_FAIL_ARGS: usize = 512;

/// Which invariant is broken where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// The operation, if one is to blame.
    pub op: Option<OpRef>,
    /// The operation's text.
    pub text: String,
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.op {
            Some(r) => write!(f, "operation {}: `{}`: {}", r.0, self.text, self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for VerifyError {}

type Check = Result<(), String>;

/// Checks all invariants; gives the first that is broken.
pub fn verify(trace: &Trace, descriptors: &Descriptors) -> Result<(), VerifyError> {
    let whole = |message| VerifyError { op: None, text: String::new(), message };
    if trace.ops.len() >= u32::MAX as usize {
        return Err(whole("too many operations".to_string()));
    }
    let mut v = Verifier { trace, d: descriptors, label: None, inputs: Vec::new(), deepest: Vec::new() };
    v.deepest = vec![None; trace.snapshots.len()];
    for (r, op) in trace.iter() {
        v.operation(r, op).map_err(|message| VerifyError { op: Some(r), text: v.safe_text(r), message })?;
    }
    v.whole_trace().map_err(whole)
}

struct Verifier<'a> {
    trace: &'a Trace,
    d: &'a Descriptors,
    label: Option<OpRef>,
    inputs: Vec<OpRef>,
    /// Of each snapshot found good: the last operation that it names (+1).
    deepest: Vec<Option<u32>>,
}

fn require(holds: bool, message: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(message()) }
}

impl Verifier<'_> {
    /// The operation's text where its descriptors and list exist, else its name.
    fn safe_text(&self, r: OpRef) -> String {
        let op = self.trace.op(r);
        if self.list_exists(op) && self.descriptor_exists(op) {
            return print_op(self.trace, self.d, r);
        }
        op.code.text().to_string()
    }

    fn list_exists(&self, op: &Op) -> bool {
        op.list.0 as usize + op.list.1 as usize <= self.trace.lists.len()
    }

    fn descriptor_exists(&self, op: &Op) -> bool {
        match op.code.imm() {
            Imm::Field => op.imm < self.d.field_count() as u64,
            Imm::Callee => op.imm < self.d.callee_count() as u64,
            _ => true,
        }
    }

    fn operation(&mut self, r: OpRef, op: &Op) -> Check {
        require(self.descriptor_exists(op), || "names a descriptor that does not exist".into())?;
        self.operands(r, op)?;
        self.position(r, op)?;
        self.snapshot_presence(op)?;
        if op.snapshot != SnapshotId::NONE {
            self.snapshot_use(r, op.snapshot)?;
        }
        self.immediate(op)?;
        self.field(op)?;
        self.calls(op)?;
        self.jumps(op)
    }

    // ---- 3, 4, 5

    fn operands(&self, r: OpRef, op: &Op) -> Check {
        let types = op.code.args();
        for (i, &arg) in op.args.iter().enumerate() {
            match types.get(i) {
                Some(&ty) => self.typed(r, arg, ty)?,
                None => require(arg.is_none(), || format!("operand {i} is set, but unused"))?,
            }
        }
        require(self.list_exists(op), || "its list lies outside of the lists".into())?;
        require(op.code.has_list() || op.list.1 == 0, || "must not have a list".into())?;
        self.trace.list(op).iter().try_for_each(|&arg| self.defined(r, arg))
    }

    fn defined(&self, user: OpRef, arg: OpRef) -> Check {
        require(!arg.is_none(), || "an operand is missing".into())?;
        require(arg.0 < user.0, || format!("v{} is used before its definition", arg.0))?;
        require(self.trace.ty(arg) != Ty::Void, || format!("v{} has no result", arg.0))
    }

    fn typed(&self, user: OpRef, arg: OpRef, ty: Ty) -> Check {
        self.defined(user, arg)?;
        let found = self.trace.ty(arg);
        require(found == ty, || format!("v{} is {}, expected {}", arg.0, ty_text(found), ty_text(ty)))
    }

    // ---- 1, 2, 6

    fn position(&mut self, r: OpRef, op: &Op) -> Check {
        use Opcode::*;
        let last = r.index() + 1 == self.trace.ops.len();
        require(op.code.is_end() == last, || {
            if last {
                "the last operation must end the trace".into()
            } else {
                "ends the trace too early".into()
            }
        })?;
        match op.code {
            InputVal | InputInt | InputFloat => self.input(r, op),
            ParamVal | ParamInt | ParamFloat => self.param(r, op),
            Label => {
                require(self.label.is_none(), || "a second label".into())?;
                self.label = Some(r);
                self.params_follow(r, op)
            }
            _ => Ok(()),
        }
    }

    fn input(&mut self, r: OpRef, op: &Op) -> Check {
        let index = self.inputs.len();
        require(op.imm == index as u64, || format!("must be input {index}"))?;
        let before = &self.trace.ops[..r.index()];
        let in_front = before.len() == index
            || before
                .iter()
                .all(|o| o.code.is_const() || matches!(o.code.imm(), Imm::Index) && o.ty() != Ty::Void);
        require(in_front && self.label.is_none(), || "inputs must come first".into())?;
        let expected = match &self.trace.entry {
            Entry::Loop { regs } => regs.get(index).map(|_| Ty::Val),
            Entry::Bridge { types } => types.get(index).map(|&t| if t == Ty::Bool { Ty::Int } else { t }),
        };
        let given = expected.map_or("no such input", ty_text);
        require(expected == Some(op.ty()), || format!("the entry gives {given}"))?;
        self.inputs.push(r);
        Ok(())
    }

    fn param(&self, r: OpRef, op: &Op) -> Check {
        let Some(label) = self.label else { return Err("a parameter before the label".into()) };
        let place = r.0 as u64 - label.0 as u64 - 1;
        require(place == op.imm, || "parameters must follow the label in order".into())?;
        let values = self.trace.list(self.trace.op(label)).len();
        require(place < values as u64, || format!("the label has only {values} values"))
    }

    fn params_follow(&self, label: OpRef, op: &Op) -> Check {
        for (i, &value) in self.trace.list(op).iter().enumerate() {
            let ty = self.trace.ty(value);
            let param = self.trace.ops.get(label.index() + 1 + i);
            let good = param.is_some_and(|p| {
                use Opcode::*;
                matches!(p.code, ParamVal | ParamInt | ParamFloat) && p.ty() == ty
            });
            require(good, || format!("no parameter {i} of type {} follows", ty_text(ty)))?;
        }
        Ok(())
    }

    fn whole_trace(&self) -> Check {
        require(!self.trace.ops.is_empty(), || "an empty trace".into())?;
        let expected = match &self.trace.entry {
            Entry::Loop { regs } => regs.len(),
            Entry::Bridge { types } => types.len(),
        };
        let found = self.inputs.len();
        require(expected == found, || format!("the entry gives {expected} inputs, the trace takes {found}"))?;
        let bad = self.trace.places.iter().find(|p| p.code >= self.trace.roots);
        bad.map_or(Ok(()), |p| Err(format!("a place names code #{}, which is no root", p.code)))
    }

    // ---- 7

    fn jumps(&self, op: &Op) -> Check {
        let list = self.trace.list(op);
        match op.code {
            Opcode::Jump => self.jump(list),
            Opcode::JumpFragment | Opcode::CallFragment => {
                self.all(list, |ty| ty == Ty::Val, "must be values of type val")
            }
            Opcode::JumpLabel | Opcode::Label => self.all(list, |ty| ty != Ty::Bool, "must not be bool"),
            _ => Ok(()),
        }
    }

    fn all(&self, list: &[OpRef], good: impl Fn(Ty) -> bool, message: &str) -> Check {
        let bad = list.iter().find(|&&r| !good(self.trace.ty(r)));
        bad.map_or(Ok(()), |r| Err(format!("v{} {message}", r.0)))
    }

    fn jump(&self, list: &[OpRef]) -> Check {
        let targets: Vec<OpRef> = match self.label {
            Some(l) => (1..=self.trace.op(l).list.1).map(|i| OpRef(l.0 + i)).collect(),
            None if matches!(self.trace.entry, Entry::Loop { .. }) => self.inputs.clone(),
            None => return Err("a bridge without label cannot jump".into()),
        };
        let (n, m) = (targets.len(), list.len());
        require(n == m, || format!("gives {m} values where the loop takes {n}"))?;
        for (i, (&target, &value)) in targets.iter().zip(list).enumerate() {
            let (want, found) = (self.trace.ty(target), self.trace.ty(value));
            require(want == found, || {
                format!("value {i} (v{}) is {}, expected {}", value.0, ty_text(found), ty_text(want))
            })?;
        }
        Ok(())
    }

    // ---- 8, 9, 10, 13

    fn snapshot_presence(&self, op: &Op) -> Check {
        let (has, code) = (op.snapshot != SnapshotId::NONE, op.code);
        require(has || !code.needs_snapshot(), || "needs a snapshot".into())?;
        let may = code.needs_snapshot() || code.is_end() || code.effect() == Effect::Call;
        require(!has || may, || "must not have a snapshot".into())?;
        require(!has || (op.snapshot.0 as usize) < self.trace.snapshots.len(), || {
            format!("snapshot s{} does not exist", op.snapshot.0)
        })
    }

    fn snapshot_use(&mut self, user: OpRef, id: SnapshotId) -> Check {
        if let Some(deepest) = self.deepest[id.0 as usize] {
            return require(deepest <= user.0, || {
                format!("s{} names v{}, which comes later", id.0, deepest - 1)
            });
        }
        let mut walk =
            SnapshotWalk { v: self, user, virtuals: HashSet::new(), deepest: 0, count: HashSet::new() };
        walk.snapshot(self.trace.snapshot(id)).map_err(|e| format!("in s{}: {e}", id.0))?;
        let (deepest, count) = (walk.deepest, walk.count.len());
        require(count <= MAX_FAIL_ARGS, || format!("s{} has {count} fail arguments", id.0))?;
        self.deepest[id.0 as usize] = Some(deepest);
        Ok(())
    }

    // ---- 11, 12

    fn immediate(&self, op: &Op) -> Check {
        match op.code.imm() {
            Imm::None => require(op.imm == 0, || "has an immediate that means nothing".into()),
            Imm::Word => require(op.imm & 7 != 0, || format!("{:#x} is a pointer or nothing", op.imm)),
            Imm::Root => require(op.imm < self.trace.roots as u64, || format!("#{} is no root", op.imm)),
            Imm::Index if op.code == Opcode::Place => {
                require(op.imm < self.trace.places.len() as u64, || {
                    format!("place p{} does not exist", op.imm)
                })
            }
            Imm::New => good_size(op.imm),
            Imm::Shape | Imm::Fragment => require(op.imm <= u32::MAX as u64, || "immediate too large".into()),
            _ => Ok(()),
        }
    }

    fn field(&self, op: &Op) -> Check {
        use Opcode::*;
        if op.code.imm() != Imm::Field {
            return Ok(());
        }
        let f = self.d.field_descr(FieldId(op.imm as u32));
        let (array, ty) = match op.code {
            ItemVal | ItemInt | ItemFloat => (true, op.ty()),
            SetItemVal | SetItemInt | SetItemFloat => (true, op.code.args()[2]),
            SetVal | SetInt | SetFloat => (false, op.code.args()[1]),
            _ => (false, op.ty()),
        };
        require(f.array == array, || format!("`{}` is {}an array", f.name, if array { "not " } else { "" }))?;
        require(f.mem.ty() == ty, || format!("`{}` holds {}", f.name, ty_text(f.mem.ty())))
    }

    fn calls(&self, op: &Op) -> Check {
        if op.code.imm() != Imm::Callee {
            return Ok(());
        }
        let c = self.d.callee_descr(CalleeId(op.imm as u32));
        require(c.ret == op.ty(), || format!("`{}` returns {}", c.name, ty_text(c.ret)))?;
        let list = self.trace.list(op);
        let (n, m) = (c.args.len(), list.len());
        require(m == n || c.slice && m > n, || format!("`{}` takes {n} arguments, not {m}", c.name))?;
        for (i, &arg) in list.iter().enumerate() {
            let want = c.args.get(i).copied().unwrap_or(Ty::Val);
            let found = self.trace.ty(arg);
            require(want == found, || format!("argument {i} is {}, not {}", ty_text(found), ty_text(want)))?;
        }
        Ok(())
    }
}

fn good_size(imm: u64) -> Check {
    let (_, size, _) = new_parts(imm);
    require(size >= 8 && size % 8 == 0, || format!("{size} is no size of an object"))
}

/// Walks over all that a snapshot names.
struct SnapshotWalk<'a> {
    v: &'a Verifier<'a>,
    user: OpRef,
    virtuals: HashSet<u32>,
    deepest: u32,
    count: HashSet<OpRef>,
}

impl SnapshotWalk<'_> {
    fn snapshot(&mut self, s: &Snapshot) -> Check {
        require(!s.frames.is_empty(), || "no frame".into())?;
        for f in &s.frames {
            require(f.code < self.v.trace.roots, || format!("code #{} is no root", f.code))?;
            let ascending = f.regs.windows(2).all(|w| w[0].0 < w[1].0);
            require(ascending, || "registers must ascend".into())?;
            f.owner.iter().try_for_each(|&o| self.object(o))?;
            f.regs.iter().try_for_each(|&(_, v)| self.value(v))?;
        }
        for store in &s.stores {
            self.object(store.object)?;
            let f = self.descriptor(store.field)?;
            require(f.array == store.index.is_some(), || format!("index of a store to `{}`", f.name))?;
            if let Some(index) = store.index {
                self.op(index)?;
                self.v.typed(self.user, index, Ty::Int)?;
            }
            self.content(f, store.value)?;
        }
        Ok(())
    }

    fn descriptor(&self, id: FieldId) -> Result<FieldDescr, String> {
        if id.0 >= self.v.d.field_count() {
            return Err("names a field that does not exist".into());
        }
        Ok(*self.v.d.field_descr(id))
    }

    fn op(&mut self, r: OpRef) -> Check {
        self.v.defined(self.user, r)?;
        self.deepest = self.deepest.max(r.0 + 1);
        if !self.v.trace.op(r).code.is_const() {
            self.count.insert(r);
        }
        Ok(())
    }

    fn value(&mut self, v: SnapVal) -> Check {
        match v {
            SnapVal::Op(r) => self.op(r),
            SnapVal::Virtual(i) => self.virtual_object(i),
        }
    }

    fn object(&mut self, v: SnapVal) -> Check {
        self.value(v)?;
        if let SnapVal::Op(r) = v { self.v.typed(self.user, r, Ty::Val) } else { Ok(()) }
    }

    /// The content of a field.
    fn content(&mut self, f: FieldDescr, v: SnapVal) -> Check {
        self.value(v)?;
        let ty = if let SnapVal::Op(r) = v { self.v.trace.ty(r) } else { Ty::Val };
        require(f.mem.ty() == Ty::Val || ty == f.mem.ty(), || {
            format!("`{}` cannot hold {}", f.name, ty_text(ty))
        })
    }

    fn virtual_object(&mut self, i: u32) -> Check {
        let Some(v) = self.v.trace.virtuals.get(i as usize) else {
            return Err(format!("virtual {i} does not exist"));
        };
        if !self.virtuals.insert(i) {
            return Ok(());
        }
        good_size(v.new)?;
        self.fields(v).map_err(|e| format!("virtual {i}: {e}"))
    }

    fn fields(&mut self, v: &Virtual) -> Check {
        let (_, size, _) = new_parts(v.new);
        let mut seen = HashSet::new();
        for &(id, content) in &v.fields {
            let f = self.descriptor(id)?;
            require(!f.array, || format!("`{}` is an array", f.name))?;
            require(seen.insert(f.offset), || format!("`{}` is set twice", f.name))?;
            let inside = f.offset >= 8 && f.offset + f.mem.size() <= size as i32;
            require(inside, || format!("`{}` lies outside of the object", f.name))?;
            self.content(f, content)?;
        }
        Ok(())
    }
}
