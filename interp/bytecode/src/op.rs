//! Instructions and their operand descriptions, made from the rows of the instruction table.

use crate::code::{Code, SiteKind};
use crate::table::instruction_table;
use std::ops::Range;

/// What an operand means, see the head of the instruction table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Register written.
    W,
    /// Register read.
    R,
    /// Register read and written.
    M,
    /// Signed 16-bit number.
    Imm,
    /// Signed 32-bit number.
    Imm32,
    /// Constant index.
    Const,
    /// 32-bit constant index.
    Const32,
    /// Instruction index.
    Target,
    /// Site index.
    Site,
    /// 32-bit site index.
    Site32,
    /// Plain number.
    Count,
    /// Two registers from here are read.
    Regs2,
    /// Three registers from here are read.
    Regs3,
    /// As many registers as operand `c` says are read.
    RegsC,
    /// Twice as many registers as operand `c` says are read.
    RegsC2,
    /// This register and the next are written.
    Pair,
    /// As many registers as operand `c` says are written.
    OutC,
    /// `c & 255`, one, and `c >> 8` registers are written.
    OutEx,
    /// A function and `c` arguments are read.
    CallArgs1,
    /// A function, its self and `c` arguments are read.
    CallArgs2,
    /// A function, its self and the arguments that site `c` counts are read.
    CallSite,
}

/// Which field of an instruction holds an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types)]
pub enum Field {
    a,
    b,
    c,
    /// `b` and `c` together.
    bc,
}

/// One operand of an instruction: where it is and what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operand {
    pub field: Field,
    pub kind: Kind,
}

macro_rules! define_ops {
    ($( $(#[doc = $doc:literal])* $name:ident $text:literal { $( $field:ident : $kind:ident ),* $(,)? } ; )*) => {
        /// Operation codes.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum Op { $( $(#[doc = $doc])* $name, )* }

        /// All operations, in table order.
        const OPS: &[Op] = &[ $( Op::$name, )* ];

        impl Op {
            /// The name in the text form.
            pub fn name(self) -> &'static str {
                match self { $( Op::$name => $text, )* }
            }

            /// The documentation of the table row.
            pub fn doc(self) -> &'static str {
                match self { $( Op::$name => concat!("", $( $doc, )*), )* }
            }

            /// The operands, in field order.
            pub fn operands(self) -> &'static [Operand] {
                match self {
                    $( Op::$name => &[ $( Operand { field: Field::$field, kind: Kind::$kind } ),* ], )*
                }
            }
        }
    };
}
instruction_table!(define_ops);

impl Op {
    /// The number of operations.
    pub const COUNT: usize = OPS.len();

    /// The operation with this number.
    pub fn from_u16(number: u16) -> Option<Op> {
        OPS.get(number as usize).copied()
    }

    /// The operation with this name in the text form.
    pub fn from_name(name: &str) -> Option<Op> {
        OPS.iter().copied().find(|op| op.name() == name)
    }

    /// All operations, in table order.
    pub fn all() -> impl Iterator<Item = Op> {
        OPS.iter().copied()
    }

    /// Control does not go on at the next instruction.
    pub fn ends_block(self) -> bool {
        matches!(self, Op::Jump | Op::Return | Op::Raise | Op::RaiseFrom | Op::RaiseCurrent | Op::Reraise)
    }

    /// First half of a test pair: stands before `JumpIfFalse`/`JumpIfTrue` on the same register.
    pub fn is_test(self) -> bool {
        (Op::IfLt as u16..=Op::IfGeImm as u16).contains(&(self as u16))
    }

    /// The operation may jump to an instruction index in `bc`.
    pub fn has_target(self) -> bool {
        self.operands().iter().any(|operand| operand.kind == Kind::Target)
    }
}

/// One instruction: 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Instr {
    pub op: Op,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

impl Instr {
    /// An instruction with three 16-bit operands.
    pub const fn new(op: Op, a: u16, b: u16, c: u16) -> Instr {
        Instr { op, a, b, c }
    }

    /// An instruction with one 16-bit and one 32-bit operand.
    pub const fn wide(op: Op, a: u16, bc: u32) -> Instr {
        Instr { op, a, b: bc as u16, c: (bc >> 16) as u16 }
    }

    /// The 32-bit operand: `b` is its low half, `c` its high half.
    #[inline]
    pub const fn bc(self) -> u32 {
        self.b as u32 | (self.c as u32) << 16
    }

    /// The signed 16-bit operand in `c`.
    #[inline]
    pub const fn imm(self) -> i16 {
        self.c as i16
    }

    /// The signed 32-bit operand in `bc`.
    #[inline]
    pub const fn imm32(self) -> i32 {
        self.bc() as i32
    }

    /// The jump target, if the instruction has one.
    pub fn target(self) -> Option<u32> {
        self.op.has_target().then(|| self.bc())
    }

    /// The value of a 16-bit operand field (`bc` has none: 0).
    pub fn field(self, field: Field) -> u16 {
        match field {
            Field::a => self.a,
            Field::b => self.b,
            Field::c => self.c,
            Field::bc => 0,
        }
    }

    /// The registers that the instruction reads.
    pub fn reads(self, code: &Code) -> impl Iterator<Item = u16> {
        let explicit = self.op.operands().iter().flat_map(move |operand| self.read_range(*operand, code));
        explicit.map(clamp).chain(self.implicit_read(code))
    }

    /// The frame register that the operation uses without naming it.
    fn implicit_read(self, code: &Code) -> Option<u16> {
        match self.op {
            Op::CopyFree => code.func_reg,
            Op::LoadName | Op::StoreName | Op::DelName | Op::LoadNameOrCell | Op::ImportStar => {
                code.namespace_reg
            }
            _ => None,
        }
    }

    /// The registers that the instruction writes when it completes. (One that raises writes nothing.)
    pub fn writes(self) -> impl Iterator<Item = u16> {
        self.op.operands().iter().flat_map(move |operand| self.write_range(*operand)).map(clamp)
    }

    fn read_range(self, operand: Operand, code: &Code) -> Range<u32> {
        let first = self.field(operand.field) as u32;
        let count = match operand.kind {
            Kind::R | Kind::M => 1,
            Kind::Regs2 => 2,
            Kind::Regs3 => 3,
            Kind::RegsC => self.c as u32,
            Kind::RegsC2 => 2 * self.c as u32,
            Kind::CallArgs1 => 1 + self.c as u32,
            Kind::CallArgs2 => 2 + self.c as u32,
            Kind::CallSite => 2 + call_site_arguments(code, self.c),
            _ => 0,
        };
        first..first + count
    }

    fn write_range(self, operand: Operand) -> Range<u32> {
        let first = self.field(operand.field) as u32;
        let count = match operand.kind {
            Kind::W | Kind::M => 1,
            Kind::Pair => 2,
            Kind::OutC => self.c as u32,
            Kind::OutEx => (self.c as u32 & 255) + 1 + (self.c as u32 >> 8),
            _ => 0,
        };
        first..first + count
    }
}

/// Register numbers past the last are reported as the last one: the verifier rejects them.
fn clamp(register: u32) -> u16 {
    register.min(u16::MAX as u32) as u16
}

fn call_site_arguments(code: &Code, site: u16) -> u32 {
    match code.sites.get(site as usize).map(|site| &site.kind) {
        Some(SiteKind::Call { positional, keywords }) => *positional as u32 + keywords.len() as u32,
        _ => 0,
    }
}
