//! Case mappings of single code points, each up to three code points long.

use super::tables::{FOLD_EXCEPTIONS, TITLE_EXCEPTIONS};
use super::{is_assigned, is_cased};

/// One to three code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    cps: [u32; 3],
    len: u8,
}

impl Mapped {
    fn one(cp: u32) -> Self {
        Mapped { cps: [cp, 0, 0], len: 1 }
    }

    /// From a row of the tables, where zero fills the rest.
    fn row(cps: [u32; 3]) -> Self {
        let len = 1 + u8::from(cps[1] != 0) + u8::from(cps[2] != 0);
        Mapped { cps, len }
    }

    /// From the standard library's iterator; characters newer than our Unicode stay unmapped.
    fn std(cp: u32, chars: impl Iterator<Item = char>) -> Self {
        let mut mapped = Mapped { cps: [0; 3], len: 0 };
        for c in chars.take(3) {
            mapped.cps[mapped.len as usize] = c as u32;
            mapped.len += 1;
        }
        let known = mapped.as_slice().iter().all(|&c| is_assigned(c));
        if known { mapped } else { Mapped::one(cp) }
    }

    /// The code points.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        &self.cps[..self.len as usize]
    }
}

fn exception(table: &[(u32, [u32; 3])], cp: u32) -> Option<Mapped> {
    let i = table.binary_search_by_key(&cp, |row| row.0).ok()?;
    Some(Mapped::row(table[i].1))
}

/// Full upper-case mapping.
pub fn upper(cp: u32) -> Mapped {
    if cp < 0x80 {
        return Mapped::one(u32::from((cp as u8).to_ascii_uppercase()));
    }
    if !is_cased(cp) {
        return Mapped::one(cp);
    }
    char::from_u32(cp).map_or(Mapped::one(cp), |c| Mapped::std(cp, c.to_uppercase()))
}

/// Full lower-case mapping, without the rule for a final sigma.
pub fn lower(cp: u32) -> Mapped {
    if cp < 0x80 {
        return Mapped::one(u32::from((cp as u8).to_ascii_lowercase()));
    }
    if !is_cased(cp) {
        return Mapped::one(cp);
    }
    char::from_u32(cp).map_or(Mapped::one(cp), |c| Mapped::std(cp, c.to_lowercase()))
}

/// Full title-case mapping.
pub fn title(cp: u32) -> Mapped {
    if cp >= 0x80
        && let Some(mapped) = exception(&TITLE_EXCEPTIONS, cp)
    {
        return mapped;
    }
    upper(cp)
}

/// Full case folding.
pub fn fold(cp: u32) -> Mapped {
    if cp >= 0x80
        && let Some(mapped) = exception(&FOLD_EXCEPTIONS, cp)
    {
        return mapped;
    }
    lower(cp)
}
