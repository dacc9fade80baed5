//! The instruction table: one row per instruction, everything else is made from it.
//!
//! An instruction is 8 bytes: `op: u16, a: u16, b: u16, c: u16`; where an operand needs 32 bits, `b` and `c` together
//! hold it. Registers are numbered from 0 in each frame: parameters first (positional, keyword-only, `*args`,
//! `**kwargs`), then other locals, then cells, then temporaries.
//!
//! Operand kinds: `W` register written · `R` register read · `M` register read and written · `Imm` signed 16-bit ·
//! `Imm32` signed 32-bit in bc · `Const`/`Const32` constant index · `Target` 32-bit instruction index in bc ·
//! `Site`/`Site32` index of the code object's site table (a name or call shape, with a run-time cache beside it) ·
//! `Count` plain number · `Regs(n)` the `n` registers from this one on are read · `RegsC` as many registers as operand
//! `c` says are read from here · `RegsC2` twice as many (pairs) · `Pair` this register and the next are written ·
//! `OutC` as many as `c` says are written from here.
//!
//! **Test pairs.** `IfLt` and its kin stand before a `JumpIfFalse a, target` (or `JumpIfTrue`) on the same register `a`.
//! The fast path decides by itself: it jumps to that target or steps over the pair, and leaves `a` alone. The slow
//! path (objects with Python operators) writes the comparison's result to `a` and goes on at the second instruction,
//! which is complete on its own. So no instruction ever has to be resumed in its middle.
//!
//! **Loops.** `ForIter a, b` stands before `ForEnd a, target`: the fast path does both; the slow path stores the next
//! item or the END mark in `a` and goes on at `ForEnd`, which jumps when it finds END. So does `Send a, b, c` with
//! `SendEnd a, done`: the fast path steps over it when the sub-iterator yielded (a := item), and jumps to `done` when it
//! has returned (a := its return value); the slow path leaves an item or END to `SendEnd`.

macro_rules! instruction_table {
    ($with:path) => {
        $with! {
                // ---- moves and constants
                /// Does nothing.
                Nop "nop" {};
                /// a := b
                Move "move" { a: W, b: R };
                /// a := constant
                LoadConst "load_const" { a: W, bc: Const32 };
                /// a := small int
                LoadInt "load_int" { a: W, bc: Imm32 };
                /// UnboundLocalError for the local named by constant bc unless a is bound.
                CheckBound "check_bound" { a: R, bc: Const32 };
                /// a := unbound (the end of an `except ... as a` name, `del` after CheckBound).
                Unbind "unbind" { a: W };

                // ---- cells
                /// a := a new cell that holds a's value (which may be unbound).
                MakeCell "make_cell" { a: M };
                /// a := content of cell b; unbound: NameError/UnboundLocalError for site c's name (Site::kind tells which).
                LoadCell "load_cell" { a: W, b: R, c: Site };
                /// content of cell a := b
                StoreCell "store_cell" { a: R, b: R };
                /// Empties cell a; already empty: NameError for site c.
                DelCell "del_cell" { a: R, c: Site };
                /// a := cell number b of the running function's closure (function object in Code::func_reg).
                CopyFree "copy_free" { a: W, b: Count };

                // ---- globals and names
                /// a := global or builtin named by the site, else NameError.
                LoadGlobal "load_global" { a: W, bc: Site32 };
                /// global named by the site := a
                StoreGlobal "store_global" { a: R, bc: Site32 };
                /// del global; NameError if missing.
                DelGlobal "del_global" { bc: Site32 };
                /// Class bodies and exec with locals: look in the namespace (Code::namespace_reg), then globals, then builtins.
                LoadName "load_name" { a: W, bc: Site32 };
                /// As LoadName, but after the namespace look in cell b (a free variable seen from a class body).
                LoadNameOrCell "load_name_or_cell" { a: W, b: R, c: Site };
                /// namespace[name] := a
                StoreName "store_name" { a: R, bc: Site32 };
                /// del namespace[name]; NameError if missing.
                DelName "del_name" { bc: Site32 };

                // ---- attributes and items
                /// a := b.name
                LoadAttr "load_attr" { a: W, b: R, c: Site };
                /// b.name := a
                StoreAttr "store_attr" { a: R, b: R, c: Site };
                /// del b.name
                DelAttr "del_attr" { b: R, c: Site };
                /// For `b.name(...)`: a := function, a+1 := self; or a := attribute value, a+1 := unbound.
                LoadMethod "load_method" { a: Pair, b: R, c: Site };
                /// Looked up on the type of b; c: 0 `__enter__`, 1 `__exit__`, 2 `__aenter__`, 3 `__aexit__`, 4 `__aiter__`, 5 `__anext__`. a := method, a+1 := self or unbound.
                LoadSpecial "load_special" { a: Pair, b: R, c: Count };
                /// `super().name`: b, b+1, b+2 = the global `super`, `__class__`, the first argument. a := attribute.
                LoadSuperAttr "load_super_attr" { a: W, b: Regs3, c: Site };
                /// `super().name(...)`: as LoadSuperAttr with LoadMethod's result.
                LoadSuperMethod "load_super_method" { a: Pair, b: Regs3, c: Site };
                /// a := b[c]
                GetItem "get_item" { a: W, b: R, c: R };
                /// b[c] := a
                SetItem "set_item" { a: R, b: R, c: R };
                /// del b[c]
                DelItem "del_item" { b: R, c: R };
                /// a := slice(b, b+1, b+2)
                BuildSlice "build_slice" { a: W, b: Regs3 };

                // ---- operators
                Add "add" { a: W, b: R, c: R };
                Sub "sub" { a: W, b: R, c: R };
                Mul "mul" { a: W, b: R, c: R };
                TrueDiv "true_div" { a: W, b: R, c: R };
                FloorDiv "floor_div" { a: W, b: R, c: R };
                Mod "mod" { a: W, b: R, c: R };
                Pow "pow" { a: W, b: R, c: R };
                MatMul "mat_mul" { a: W, b: R, c: R };
                LShift "lshift" { a: W, b: R, c: R };
                RShift "rshift" { a: W, b: R, c: R };
                And "and" { a: W, b: R, c: R };
                Or "or" { a: W, b: R, c: R };
                Xor "xor" { a: W, b: R, c: R };
                /// In-place operators (`a := b; a op= c`): `__iadd__` and so on first.
                IAdd "iadd" { a: W, b: R, c: R };
                ISub "isub" { a: W, b: R, c: R };
                IMul "imul" { a: W, b: R, c: R };
                ITrueDiv "itrue_div" { a: W, b: R, c: R };
                IFloorDiv "ifloor_div" { a: W, b: R, c: R };
                IMod "imod" { a: W, b: R, c: R };
                IPow "ipow" { a: W, b: R, c: R };
                IMatMul "imat_mul" { a: W, b: R, c: R };
                ILShift "ilshift" { a: W, b: R, c: R };
                IRShift "irshift" { a: W, b: R, c: R };
                IAnd "iand" { a: W, b: R, c: R };
                IOr "ior" { a: W, b: R, c: R };
                IXor "ixor" { a: W, b: R, c: R };
                /// As Add and IAdd, where nothing but a refers to a growing str in a. The fast path steps over the Share of
                /// the same register that follows: what it leaves in a is no str, or one that it may let grow.
                Append "append" { a: W, b: R, c: R };
                IAppend "iappend" { a: W, b: R, c: R };
                /// If a is a str, it does not grow any more: others may refer to it.
                Share "share" { a: R };
                /// a := b + small int
                AddImm "add_imm" { a: W, b: R, c: Imm };
                /// a := b - small int
                SubImm "sub_imm" { a: W, b: R, c: Imm };
        /// a := b; a += small int
        IAddImm "iadd_imm" { a: W, b: R, c: Imm };
        /// a := b; a -= small int
        ISubImm "isub_imm" { a: W, b: R, c: Imm };
                Neg "neg" { a: W, b: R };
                Pos "pos" { a: W, b: R };
                Invert "invert" { a: W, b: R };
                /// a := not b
                Not "not" { a: W, b: R };
                Lt "lt" { a: W, b: R, c: R };
                Le "le" { a: W, b: R, c: R };
                Eq "eq" { a: W, b: R, c: R };
                Ne "ne" { a: W, b: R, c: R };
                Gt "gt" { a: W, b: R, c: R };
                Ge "ge" { a: W, b: R, c: R };
                Is "is" { a: W, b: R, c: R };
                IsNot "is_not" { a: W, b: R, c: R };
                /// a := b in c
                In "in" { a: W, b: R, c: R };
                NotIn "not_in" { a: W, b: R, c: R };

                // ---- control
                Jump "jump" { bc: Target };
                JumpIfTrue "jump_if_true" { a: R, bc: Target };
                JumpIfFalse "jump_if_false" { a: R, bc: Target };
                JumpIfNone "jump_if_none" { a: R, bc: Target };
                JumpIfNotNone "jump_if_not_none" { a: R, bc: Target };
                /// First halves of test pairs, see the module text. `a` is a temporary.
                IfLt "if_lt" { a: W, b: R, c: R };
                IfLe "if_le" { a: W, b: R, c: R };
                IfEq "if_eq" { a: W, b: R, c: R };
                IfNe "if_ne" { a: W, b: R, c: R };
                IfGt "if_gt" { a: W, b: R, c: R };
                IfGe "if_ge" { a: W, b: R, c: R };
                IfIs "if_is" { a: W, b: R, c: R };
                IfIsNot "if_is_not" { a: W, b: R, c: R };
                IfIn "if_in" { a: W, b: R, c: R };
                IfNotIn "if_not_in" { a: W, b: R, c: R };
                /// As above, against a small int.
                IfLtImm "if_lt_imm" { a: W, b: R, c: Imm };
                IfLeImm "if_le_imm" { a: W, b: R, c: Imm };
                IfEqImm "if_eq_imm" { a: W, b: R, c: Imm };
                IfNeImm "if_ne_imm" { a: W, b: R, c: Imm };
                IfGtImm "if_gt_imm" { a: W, b: R, c: Imm };
                IfGeImm "if_ge_imm" { a: W, b: R, c: Imm };
                /// Loop header: hot counter and interrupt poll. Every backward jump goes to one of these.
                Loop "loop" { bc: Site32 };

                // ---- iteration
                /// a := iter(b)
                GetIter "get_iter" { a: W, b: R };
                /// a := next item of iterator b, or END; stands before ForEnd.
                ForIter "for_iter" { a: W, b: R };
                /// a is END: a := unbound and jump.
                ForEnd "for_end" { a: M, bc: Target };
                /// c registers from a on := the items of b (exactly c)
                Unpack "unpack" { a: OutC, b: R, c: Count };
                /// Registers from a on := c & 255 items, a list of the middle, c >> 8 items after it.
                UnpackEx "unpack_ex" { a: OutEx, b: R, c: Count };

                // ---- containers
                BuildTuple "build_tuple" { a: W, b: RegsC, c: Count };
                BuildList "build_list" { a: W, b: RegsC, c: Count };
                BuildSet "build_set" { a: W, b: RegsC, c: Count };
                /// c pairs key, value from register b on.
                BuildDict "build_dict" { a: W, b: RegsC2, c: Count };
                /// Concatenates c strings (f-strings).
                BuildString "build_string" { a: W, b: RegsC, c: Count };
                ListAppend "list_append" { a: R, b: R };
                ListExtend "list_extend" { a: R, b: R };
                ListToTuple "list_to_tuple" { a: W, b: R };
                SetAdd "set_add" { a: R, b: R };
                SetUpdate "set_update" { a: R, b: R };
                /// dict a: a[b] := c
                DictSet "dict_set" { a: R, b: R, c: R };
                DictUpdate "dict_update" { a: R, b: R };
                /// Call keywords: as DictUpdate, but a repeated key is a TypeError that names function c.
                DictMerge "dict_merge" { a: R, b: R, c: R };
                /// a := format(b, ''), after conversion c: 0 none, 1 str, 2 repr, 3 ascii.
                Format "format" { a: W, b: R, c: Count };
                /// a := format(b, c)
                FormatSpec "format_spec" { a: W, b: R, c: R };
                /// a := str/repr/ascii(b) as c says (1, 2, 3).
                Convert "convert" { a: W, b: R, c: Count };

                // ---- functions and calls
                /// a := function from code constant bc. Defaults etc. follow by SetFunc.
                MakeFunction "make_function" { a: W, bc: Const32 };
                /// Function a gets: c = 0 defaults (tuple b), 1 keyword defaults (dict b), 2 annotate function b, 3 closure (tuple of cells b).
                SetFunc "set_func" { a: R, b: R, c: Count };
                /// a := b(b+1 .. b+c)
                Call "call" { a: W, b: CallArgs1, c: Count };
                /// Method call: function b, self b+1 (or unbound), arguments b+2 .. b+1+c.
                CallMethod "call_method" { a: W, b: CallArgs2, c: Count };
                /// As CallMethod with keyword arguments: site c gives the positional count and the keyword names, whose values follow.
                CallKw "call_kw" { a: W, b: CallSite, c: Site };
                /// a := b(*b+1, **b+2); b+1 is a tuple or list, b+2 a dict or unbound.
                CallEx "call_ex" { a: W, b: Regs3 };
                /// Leaves the frame with value a.
                Return "return" { a: R };
                /// Suspends the generator with value b; a := what is sent in.
                Yield "yield" { a: W, b: R };
                /// a := the iterator that `yield from b` drives; in coroutines and async generators: that `await b` drives.
                GetYieldFromIter "get_yield_from_iter" { a: W, b: R };
                /// Sends c to iterator b, see the module text.
                Send "send" { a: W, b: R, c: R };
                /// a is END: a := what the sub-iterator returned and jump.
                SendEnd "send_end" { a: M, bc: Target };
                /// a := the function that executes class statements.
                LoadBuildClass "load_build_class" { a: W };

                // ---- exceptions
                /// raise a
                Raise "raise" { a: R };
                /// raise a from b
                RaiseFrom "raise_from" { a: R, b: R };
                /// bare `raise` inside a handler.
                RaiseCurrent "raise_current" {};
                /// Goes on raising exception a as it is (end of finally, unmatched handlers).
                Reraise "reraise" { a: R };
                /// a := the exception handled so far; b becomes the exception being handled.
                PushHandled "push_handled" { a: W, b: R };
                /// a is again the exception being handled (PushHandled's save).
                PopHandled "pop_handled" { a: R };
                /// a := exception b matches c (class or tuple of classes).
                ExcMatch "exc_match" { a: W, b: R, c: R };
                /// a := exit(type(c), c, c.__traceback__), the method pair at b, b+1.
                WithExcept "with_except" { a: W, b: Regs2, c: R };
                LoadAssertionError "load_assertion_error" { a: W };

                // ---- imports
                /// a := import of the site's name with level b and from-list b+1.
                Import "import" { a: W, b: Regs2, c: Site };
                /// a := from module b import name
                ImportFrom "import_from" { a: W, b: R, c: Site };
                /// from a import *
                ImportStar "import_star" { a: R };
            }
    };
}
pub(crate) use instruction_table;
