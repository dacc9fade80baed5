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

    /// Puts names where the text has their addresses, decimal or hexadecimal.
    pub(crate) fn apply(&self, text: &str) -> String {
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
}
