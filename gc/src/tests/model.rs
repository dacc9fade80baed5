//! Random programs against a model of what is reachable.
//!
//! The model knows for each object what it should hold. The heap's only roots are a table, so reachability is exact:
//! after each step all reachable objects must be intact; after a full collection exactly the unreachable ones have been
//! dropped, their weak references cleared, their finalizers reported, their shapes' numbers free.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Kind {
    Node,
    Tuple,
    Array,
    Bytes,
    Weak,
    Dropper,
    Tracer,
    Guarded,
    /// An object whose shape has another object for its owner.
    Instance,
}

#[derive(Clone, Debug)]
enum Op {
    /// An object with `size` fields or bytes, which goes to a root; another root's object becomes one of its fields, and
    /// owns its shape.
    Alloc {
        kind: Kind,
        size: usize,
        root: usize,
        field: usize,
        finalizer: bool,
    },
    /// Many short-lived objects.
    Garbage(usize),
    /// A field of one root's object := another root's object.
    Store {
        root: usize,
        field: usize,
        value: usize,
    },
    /// A root := a field of its object.
    Follow {
        root: usize,
        field: usize,
    },
    Clear(usize),
    Minor,
    Full,
}

const ROOTS: usize = 12;

fn kinds() -> impl Strategy<Value = Kind> {
    use Kind::*;
    let kinds = [Node, Tuple, Array, Bytes, Weak, Dropper, Tracer, Guarded, Instance, Instance];
    proptest::sample::select(kinds.to_vec())
}

fn sizes() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..8usize, 3 => 8..300usize, 2 => 300..3000usize, 1 => 3000..90_000usize]
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let at = 0..ROOTS;
    let op = prop_oneof![
        8 => (kinds(), sizes(), at.clone(), at.clone(), any::<bool>())
            .prop_map(|(kind, size, root, field, finalizer)| Op::Alloc { kind, size, root, field, finalizer }),
        2 => (1..400usize).prop_map(Op::Garbage),
        8 => (at.clone(), any::<usize>(), at.clone())
            .prop_map(|(root, field, value)| Op::Store { root, field, value }),
        4 => (at.clone(), any::<usize>()).prop_map(|(root, field)| Op::Follow { root, field }),
        2 => at.prop_map(Op::Clear),
        2 => Just(Op::Minor),
        1 => Just(Op::Full),
    ];
    proptest::collection::vec(op, 1..120)
}

struct Object {
    kind: Kind,
    address: *mut Header,
    /// Identities of the objects referred to.
    fields: Vec<Option<u64>>,
    /// The owner of its shape.
    owner: Option<u64>,
    finalizer: bool,
    /// Was found unreachable from the roots at some time (and may have come back since).
    lapsed: bool,
}

// Boxed, since the heap's objects and roots know their addresses.
#[expect(clippy::box_collection, clippy::vec_box)]
struct World {
    heap: Box<Heap>,
    /// The heap's roots, and the model's.
    table: Box<Vec<Value>>,
    roots: Vec<Option<u64>>,
    /// Where `drop` functions leave identities.
    log: Box<Vec<u64>>,
    objects: BTreeMap<u64, Object>,
    boxes: Vec<Box<u64>>,
    /// The shapes of owners.
    shapes: BTreeMap<u64, ShapeId>,
    /// Shapes that collections found dead, and those of them whose numbers may be used again.
    dead_shapes: Box<Vec<ShapeId>>,
    free_shapes: Vec<ShapeId>,
    next: u64,
}

impl World {
    fn new(config: GcConfig, mark_stack_limit: usize) -> World {
        let mut table = Box::new(vec![Value::NONE; ROOTS]);
        let mut heap = heap_with(config, &mut table);
        heap.mark_stack_limit = mark_stack_limit;
        if mark_stack_limit < 100 {
            heap.mark_stack = Vec::new();
        }
        let mut dead_shapes = Box::default();
        watch_shapes(&mut heap, &mut dead_shapes);
        World {
            heap,
            table,
            roots: vec![None; ROOTS],
            log: Box::default(),
            objects: BTreeMap::new(),
            boxes: Vec::new(),
            shapes: BTreeMap::new(),
            dead_shapes,
            free_shapes: Vec::new(),
            next: 1,
        }
    }

    /// The shape of the objects that `owner` owns.
    fn shape_of(&mut self, owner: u64) -> ShapeId {
        if let Some(&shape) = self.shapes.get(&owner) {
            return shape;
        }
        let next = ShapeId(FIRST_FREE + self.shapes.len() as u32);
        let shape = self.free_shapes.pop().unwrap_or(next);
        self.heap.set_owned_layout(shape, Layout::fixed(4, 0b0111), self.value(Some(owner)));
        self.shapes.insert(owner, shape);
        shape
    }

    fn value(&self, id: Option<u64>) -> Value {
        id.map_or(Value::NONE, |id| Value::from_ptr(self.objects[&id].address))
    }

    fn set_root(&mut self, root: usize, id: Option<u64>) {
        self.roots[root] = id;
        self.table[root] = self.value(id);
    }

    /// A new object and the number of its fields.
    fn make(&mut self, kind: Kind, size: usize, owner: Option<u64>) -> (*mut Header, usize) {
        let owned = owner.map_or(NODE, |owner| self.shape_of(owner));
        let heap = &mut self.heap;
        let (object, fields) = match kind {
            Kind::Node => (heap.alloc(NODE, 4), 3),
            Kind::Tuple => (heap.alloc_aux(TUPLE, 1, size as u16), size),
            Kind::Array => (heap.alloc_tail(ARRAY, 2, size, 8).expect("memory"), size),
            Kind::Bytes => (heap.alloc_tail(BYTES, 2, size, 1).expect("memory"), 0),
            Kind::Weak => (heap.alloc(WEAK, 2), 1),
            Kind::Dropper => (heap.alloc(DROPPER, 3), 1),
            Kind::Tracer => (heap.alloc(TRACER, 2), 1),
            Kind::Guarded => (heap.alloc(GUARDED, 2), 1),
            Kind::Instance => (heap.alloc(owned, 4), 3),
        };
        let words = heap.object_size(object) / 8 - 1;
        let counted = usize::from(matches!(kind, Kind::Array | Kind::Bytes));
        assert!((counted..words).all(|index| get(object, index) == 0), "fields start as zero");
        put(object, id_word(kind), self.next);
        match kind {
            Kind::Dropper => put(object, 2, &raw mut *self.log as u64),
            Kind::Tracer | Kind::Guarded => {
                let mut cell = Box::new(0);
                put(object, 0, &raw mut *cell as u64);
                self.boxes.push(cell);
            }
            Kind::Bytes => (2..words).for_each(|index| put(object, index, pattern(self.next))),
            _ => {}
        }
        (object, fields)
    }

    fn alloc(&mut self, kind: Kind, size: usize, owner: Option<u64>, finalizer: bool) -> u64 {
        let size = if kind == Kind::Tuple { size % 5000 } else { size };
        let owner = owner.filter(|_| kind == Kind::Instance);
        let (address, fields) = self.make(kind, size, owner);
        let id = self.next;
        self.next += 1;
        if finalizer {
            self.heap.register_finalizer(address);
        }
        self.objects.insert(
            id,
            Object { kind, address, fields: vec![None; fields], owner, finalizer, lapsed: false },
        );
        id
    }

    fn store(&mut self, id: u64, field: usize, target: Option<u64>) {
        let value = self.value(target);
        let object = self.objects.get_mut(&id).expect("known");
        if object.fields.is_empty() {
            return;
        }
        let field = field % object.fields.len();
        object.fields[field] = target;
        // SAFETY: a field of a live object, or the word boxed for it.
        unsafe { *place(object, field) = value.bits() };
        if object.kind != Kind::Tracer {
            self.heap.write_barrier(object.address);
        }
    }

    /// Everything reachable from `start`, without looking through weak references.
    fn reach(&self, start: impl IntoIterator<Item = u64>) -> HashSet<u64> {
        let mut seen = HashSet::new();
        let mut todo: Vec<u64> = start.into_iter().collect();
        while let Some(id) = todo.pop() {
            let object = &self.objects[&id];
            if seen.insert(id) && object.kind != Kind::Weak {
                todo.extend(object.fields.iter().chain([&object.owner]).flatten());
            }
        }
        seen
    }

    fn live(&self) -> HashSet<u64> {
        self.reach(self.roots.iter().flatten().copied())
    }

    fn run(&mut self, op: &Op) {
        match *op {
            Op::Alloc { kind, size, root, field, finalizer } => {
                let id = self.alloc(kind, size, self.roots[field], finalizer);
                self.set_root(root, Some(id));
                self.store(id, size, self.roots[field]);
            }
            Op::Garbage(count) => (0..count).for_each(|_| {
                self.heap.alloc(NODE, 4);
            }),
            Op::Store { root, field, value } => {
                if let Some(id) = self.roots[root] {
                    self.store(id, field, self.roots[value]);
                }
            }
            Op::Follow { root, field } => {
                if let Some(object) = self.roots[root].map(|id| &self.objects[&id])
                    && !object.fields.is_empty()
                {
                    self.set_root(root, object.fields[field % object.fields.len()]);
                }
            }
            Op::Clear(root) => self.set_root(root, None),
            Op::Minor => self.heap.collect_minor(),
            Op::Full => self.full(),
        }
        self.absorb();
    }

    /// A full collection, and what must be true of it exactly.
    fn full(&mut self) {
        let live = self.live();
        self.heap.collect_full();
        let dead = |id: &u64| !live.contains(id);
        let due: Vec<u64> =
            self.objects.iter().filter(|(id, o)| o.finalizer && dead(id)).map(|(&id, _)| id).collect();
        let found: Vec<u64> = self.heap.registry.pending.iter().map(|&value| self.id_of(value)).collect();
        assert_eq!(found, due, "finalizers of the dead, in order of creation");
        let dangling = |o: &Object| o.kind == Kind::Weak && o.fields[0].as_ref().is_some_and(dead);
        let due: Vec<u64> =
            self.objects.iter().filter(|(id, o)| !dead(id) && dangling(o)).map(|(&id, _)| id).collect();
        let mut cleared: Vec<u64> =
            self.heap.registry.cleared.iter().map(|&value| self.id_of(value)).collect();
        cleared.sort_unstable();
        assert_eq!(cleared, due, "weak references of live objects to dead ones");
        let kept: HashSet<u64> = &self.reach(found) | &live;
        let gone = |o: &Object| o.kind == Kind::Dropper;
        let due: Vec<u64> =
            self.objects.iter().filter(|(id, o)| !kept.contains(id) && gone(o)).map(|(&id, _)| id).collect();
        self.log.sort_unstable();
        assert_eq!(*self.log, due, "each dead object with a drop, once");
        self.log.clear();
        self.objects.retain(|id, _| kept.contains(id));
        self.absorb_shapes();
        assert!(self.shapes.keys().all(|owner| kept.contains(owner)), "shapes end with their owners");
        let mut count = 0;
        self.heap.space.each_marked(|_| count += 1);
        assert_eq!(count, kept.len(), "nothing else survives");
    }

    /// Takes in what collections have reported. Whatever it concerns must be dead; all live objects must be intact.
    fn absorb(&mut self) {
        self.absorb_shapes();
        let live = self.live();
        for id in std::mem::take(&mut *self.log) {
            assert!(!live.contains(&id), "dropped the live {id}");
            let object = self.objects.remove(&id);
            assert!(object.is_some_and(|o| o.kind == Kind::Dropper), "dropped twice: {id}");
        }
        for value in self.heap.take_finalizers() {
            let id = self.id_of(value);
            assert!(!live.contains(&id), "finalizer of the live {id}");
            let object = self.objects.get_mut(&id).expect("known");
            assert!(std::mem::take(&mut object.finalizer), "finalizer twice or unasked: {id}");
            if id.is_multiple_of(2) {
                self.set_root(id as usize % ROOTS, Some(id));
            }
        }
        let mut cleared = HashSet::new();
        for value in self.heap.take_cleared_weakrefs() {
            assert!(cleared.insert(self.id_of(value)), "reported twice");
        }
        let live = self.live();
        for (id, object) in &mut self.objects {
            object.lapsed |= !live.contains(id);
            let reported = cleared.contains(id);
            if object.kind != Kind::Weak || !(reported || live.contains(id)) {
                continue;
            }
            let empty = get(object.address, 0) == Value::UNBOUND.bits();
            assert!(empty || !reported, "reported but not cleared: {id}");
            if empty && object.fields[0].take().is_some() {
                assert!(reported || object.lapsed, "cleared silently: {id}");
            }
        }
        live.iter().for_each(|id| self.check(*id, &self.objects[id]));
    }

    /// Takes in which shapes died: their owners are not alive, and the numbers are free.
    fn absorb_shapes(&mut self) {
        let live = self.live();
        for shape in self.dead_shapes.drain(..) {
            let owner = self.shapes.iter().find(|(_, s)| **s == shape).map(|(&owner, _)| owner);
            let owner = owner.expect("a shape dies once");
            assert!(!live.contains(&owner), "the shape of the live {owner} died");
            self.shapes.remove(&owner);
            self.free_shapes.push(shape);
        }
    }

    fn id_of(&self, value: Value) -> u64 {
        // An address may have had other objects before.
        let head = |(&id, o): (&u64, &Object)| {
            (o.address == value.ptr() && get(o.address, id_word(o.kind)) == id).then_some(id)
        };
        self.objects.iter().rev().find_map(head).expect("a known object")
    }

    /// The object in the heap is what the model says.
    fn check(&self, id: u64, object: &Object) {
        assert_eq!(get(object.address, id_word(object.kind)), id);
        for (index, &field) in object.fields.iter().enumerate() {
            // SAFETY: a field of a live object.
            let word = unsafe { *place(object, index) };
            let empty = word == 0 || word == Value::NONE.bits() || word == Value::UNBOUND.bits();
            let right = field.map_or(empty, |target| word == self.objects[&target].address as u64);
            assert!(right, "field {index} of {id}: {word:#x}, should be {field:?}");
        }
        if object.kind == Kind::Bytes {
            let words = self.heap.object_size(object.address) / 8 - 1;
            assert!((2..words).all(|index| get(object.address, index) == pattern(id)), "bytes of {id}");
        }
    }
}

fn id_word(kind: Kind) -> usize {
    match kind {
        Kind::Node | Kind::Instance => 3,
        Kind::Tuple => 0,
        Kind::Array | Kind::Bytes | Kind::Weak | Kind::Dropper | Kind::Tracer | Kind::Guarded => 1,
    }
}

/// Looks like a pointer, to see that bytes are not taken for values.
fn pattern(id: u64) -> u64 {
    id << 4 | 8
}

/// Where field `index` of an object lies.
fn place(object: &Object, index: usize) -> *mut u64 {
    match object.kind {
        Kind::Node | Kind::Instance | Kind::Weak | Kind::Dropper => word(object.address, index),
        Kind::Tuple => word(object.address, 1 + index),
        Kind::Array => word(object.address, 2 + index),
        Kind::Tracer | Kind::Guarded => get(object.address, 0) as *mut u64,
        Kind::Bytes => unreachable!("bytes have no fields"),
    }
}

fn run_all(config: GcConfig, mark_stack_limit: usize, ops: &[Op]) {
    let mut world = World::new(config, mark_stack_limit);
    ops.iter().for_each(|op| world.run(op));
    world.full();
    world.absorb();
    let droppers = world.objects.values().filter(|o| o.kind == Kind::Dropper).count();
    drop(world.heap);
    assert_eq!(world.log.len(), droppers, "the heap's end drops the rest");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_programs_keep_what_they_reach(ops in ops()) {
        run_all(strict(), usize::MAX, &ops);
    }

    #[test]
    fn under_stress(ops in ops()) {
        run_all(GcConfig { stress_every: 3, ..strict() }, usize::MAX, &ops);
    }

    #[test]
    fn with_a_mark_stack_that_overflows(ops in ops()) {
        run_all(strict(), 2, &ops);
    }

    #[test]
    fn without_checks_and_poison(ops in ops()) {
        run_all(GcConfig { min_nursery_bytes: 32 << 10, ..GcConfig::default() }, usize::MAX, &ops);
    }
}
