//! Readable listings without addresses: numbers in the code generator's text that are known addresses become names.

use std::collections::HashMap;

/// What the addresses in a unit's code are.
#[derive(Default)]
pub(crate) struct Names {
    names: HashMap<u64, String>,
    wanted: bool,
}

impl Names {
    pub(crate) fn new(wanted: bool) -> Names {
        Names { names: HashMap::new(), wanted }
    }

    pub(crate) fn add(&mut self, address: u64, name: impl FnOnce() -> String) {
        if self.wanted {
            self.names.entry(address).or_insert_with(name);
        }
    }

    /// Puts names where the text has their addresses: decimal, hexadecimal, or put together by several instructions.
    pub(crate) fn apply(&self, text: &str) -> String {
        self.in_numbers(&self.in_halves(text))
    }

    /// aarch64 loads an address as `movz` and `movk`s of 16 bits each; where that is a known one, they become one `mov`.
    fn in_halves(&self, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let halves: Vec<Half> = match Half::of(line) {
                Some(first) if !first.keeps => {
                    let rest = lines[at + 1..].iter().map_while(|line| Half::of(line));
                    [first]
                        .into_iter()
                        .chain(rest.take_while(|h| h.keeps && h.register == first.register))
                        .collect()
                }
                _ => Vec::new(),
            };
            let address = halves.iter().fold(0, |address, half| address | half.bits);
            match self.names.get(&address).filter(|_| !halves.is_empty()) {
                Some(name) => {
                    out += &format!("  mov {}, {name}\n", halves[0].register);
                    at += halves.len();
                }
                None => {
                    out += line;
                    at += 1;
                }
            }
        }
        out
    }

    fn in_numbers(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let in_word = rest[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let number = &rest[start..];
            let end = number.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(number.len());
            let name = if in_word { None } else { parse(&number[..end]).and_then(|n| self.names.get(&n)) };
            let negative = name.is_some() && rest[..start].ends_with('-');
            out.push_str(&rest[..start - usize::from(negative)]);
            out.push_str(name.map_or(&number[..end], String::as_str));
            rest = &number[end..];
        }
        out + rest
    }
}

/// An instruction of aarch64 that loads 16 bits of a register.
#[derive(Copy, Clone)]
struct Half<'a> {
    register: &'a str,
    bits: u64,
    /// `movk`, which leaves the register's other bits alone (`movz` clears them).
    keeps: bool,
}

impl Half<'_> {
    /// `movz x0, #624` or `movk x0, x0, #1026, LSL #16`.
    fn of(line: &str) -> Option<Half<'_>> {
        let (name, operands) = line.trim().split_once(' ')?;
        let keeps = match name {
            "movz" => false,
            "movk" => true,
            _ => return None,
        };
        let mut words = operands.split(", ");
        let register = words.next()?;
        let number = words.find_map(|word| word.strip_prefix('#'))?.parse::<u64>().ok()?;
        let shift = words.next().map_or(Some(0), |word| word.strip_prefix("LSL #")?.parse().ok())?;
        Some(Half { register, bits: number.checked_shl(shift)?, keeps })
    }
}

/// A number as the code generator prints it. Small ones are not taken for addresses.
fn parse(text: &str) -> Option<u64> {
    let digits = text.replace('_', "");
    let n = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    (n >= 4096).then_some(n)
}

/// The listings of the last unit.
#[derive(Default)]
pub(crate) struct Listing {
    pub clif: String,
    pub asm: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_names() {
        let mut names = Names::new(true);
        names.add(0x7f12_3456_7890, || "<f>".into());
        assert_eq!(names.apply("v1 = iconst.i64 0x7f12_3456_7890"), "v1 = iconst.i64 <f>");
        assert_eq!(names.apply("movabsq $139716164221072, %rax"), "movabsq $<f>, %rax");
        assert_eq!(names.apply("v139716164221072 = iadd v1, 8"), "v139716164221072 = iadd v1, 8");
    }

    #[test]
    fn addresses_in_halves_become_names() {
        let mut names = Names::new(true);
        names.add(0x55_0402_0270, || "<exit 0>".into());
        let text =
            "  movz x0, #624\n  movk x0, x0, #1026, LSL #16\n  movk x0, x0, #85, LSL #32\n  ldr x1, [x0]\n";
        assert_eq!(names.apply(text), "  mov x0, <exit 0>\n  ldr x1, [x0]\n");
        let others = "  movz x0, #624\n  movk x1, x1, #1026, LSL #16\n  movz x2, #7\n";
        assert_eq!(names.apply(others), others);
    }
}
