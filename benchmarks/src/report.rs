//! The report: a few text tables, so that it can be read in a terminal, committed and
//! compared with `diff`.

use std::fmt::Write;

use crate::implementations::Implementation;
use crate::options::Options;
use crate::statistics::geometric_mean;
use crate::{Cell, Row};

/// One number of a cell, to be shown and to be divided by another implementation's.
type Number = fn(&Cell) -> Option<f64>;

/// A table: its title, its number, the number's unit and digits, and the ratios shown.
struct Table {
    title: &'static str,
    number: Number,
    digits: usize,
    ratios: &'static [(&'static str, &'static str)],
}

/// Ratios between implementations; those that did not run leave theirs out.
const FULL_RATIOS: [(&str, &str); 5] = [
    ("hoop", "pypy"),
    ("hoop", "cpython"),
    ("hoop-nojit", "cpython"),
    ("hoop", "base"),
    ("hoop-nojit", "base-nojit"),
];

/// Of figures that say little of an interpreter alone.
const SHORT_RATIOS: [(&str, &str); 3] = [("hoop", "pypy"), ("hoop", "cpython"), ("hoop", "base")];

const TABLES: [Table; 5] = [
    Table {
        title: "Warm: one call of run() in the steady state, ms",
        number: |cell| Some(cell.warm? * 1e3),
        digits: 2,
        ratios: &FULL_RATIOS,
    },
    Table {
        title: "Cold: first call of run() in a process, ms",
        number: |cell| Some(cell.cold? * 1e3),
        digits: 1,
        ratios: &SHORT_RATIOS,
    },
    Table {
        title: "Whole process of one call, user time, ms",
        number: |cell| Some(cell.process.as_ref()?.user * 1e3),
        digits: 1,
        ratios: &FULL_RATIOS,
    },
    Table {
        title: "Whole process of one call, user and system time, ms",
        number: |cell| Some(cell.process.as_ref()?.total() * 1e3),
        digits: 1,
        ratios: &FULL_RATIOS,
    },
    Table {
        title: "Peak resident memory of one call, MB",
        number: |cell| Some(cell.process.as_ref()?.peak as f64 / 1e6),
        digits: 1,
        ratios: &SHORT_RATIOS,
    },
];

/// The whole report.
pub fn report(options: &Options, implementations: &[Implementation], rows: &[Row]) -> String {
    let mut out = String::new();
    head(options, implementations, &mut out);
    for table in &TABLES {
        if rows.iter().any(|row| row.cells.iter().any(|cell| (table.number)(cell).is_some())) {
            print_table(table, implementations, rows, &mut out);
        }
    }
    problems(implementations, rows, &mut out);
    if options.counters {
        counters(implementations, rows, &mut out);
    }
    out
}

fn head(options: &Options, implementations: &[Implementation], out: &mut String) {
    for each in implementations {
        let variables = each.environment.iter().map(|(name, value)| format!(" {name}={value}"));
        let words = each.options.iter().map(|word| format!(" {word}"));
        let words: String = words.chain(variables).collect();
        let _ = writeln!(out, "{:<12} {}{}", each.name, each.version, words);
    }
    let size = if options.small { "small sizes, " } else { "" };
    let _ = writeln!(
        out,
        "{size}smallest of {} measurements, {} calls per process, alternating\n",
        options.repeat, options.iterations
    );
}

fn print_table(table: &Table, implementations: &[Implementation], rows: &[Row], out: &mut String) {
    let present = |name: &str| implementations.iter().position(|each| each.name == name);
    let ratios: Vec<(String, usize, usize)> = table
        .ratios
        .iter()
        .filter_map(|(top, bottom)| Some((format!("{top}/{bottom}"), present(top)?, present(bottom)?)))
        .collect();
    let _ = write!(out, "{}\n{:<16}", table.title, "");
    implementations.iter().for_each(|each| {
        let _ = write!(out, "{:>12}", each.name);
    });
    ratios.iter().for_each(|(name, ..)| {
        let _ = write!(out, "{name:>width$}", width = width_of(name));
    });
    out.push('\n');
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); ratios.len()];
    for row in rows {
        print_row(table, row, &ratios, &mut columns, out);
    }
    if !ratios.is_empty() {
        let _ = write!(out, "{:<16}{:>width$}", "geometric mean", "", width = 12 * implementations.len());
        for (column, (name, ..)) in columns.iter().zip(&ratios) {
            let _ = write!(out, "{:>width$}", ratio_text(geometric_mean(column)), width = width_of(name));
        }
        out.push('\n');
    }
    out.push('\n');
}

fn print_row(
    table: &Table,
    row: &Row,
    ratios: &[(String, usize, usize)],
    columns: &mut [Vec<f64>],
    out: &mut String,
) {
    let numbers: Vec<Option<f64>> = row.cells.iter().map(table.number).collect();
    let _ = write!(out, "{:<16}", row.program);
    for number in &numbers {
        let text = number.map_or("-".to_string(), |value| format!("{value:.digits$}", digits = table.digits));
        let _ = write!(out, "{text:>12}");
    }
    for ((name, top, bottom), column) in ratios.iter().zip(columns) {
        let ratio =
            numbers[*top].zip(numbers[*bottom]).filter(|(a, b)| *a > 0.0 && *b > 0.0).map(|(a, b)| a / b);
        column.extend(ratio);
        let _ = write!(out, "{:>width$}", ratio_text(ratio), width = width_of(name));
    }
    out.push('\n');
}

/// Of a column of ratios.
fn width_of(name: &str) -> usize {
    name.len() + 3
}

fn ratio_text(ratio: Option<f64>) -> String {
    ratio.map_or("-".to_string(), |value| format!("{value:.2}"))
}

fn problems(implementations: &[Implementation], rows: &[Row], out: &mut String) {
    for row in rows {
        for (implementation, cell) in implementations.iter().zip(&row.cells) {
            if let Some(problem) = &cell.problem {
                let _ = writeln!(out, "FAILED {} under {}: {problem}", row.program, implementation.name);
            }
        }
    }
}

/// Hoop's counters of the process with many calls; zeroes are left out.
fn counters(implementations: &[Implementation], rows: &[Row], out: &mut String) {
    let Some(at) = implementations.iter().position(|each| each.has_counters) else { return };
    if rows.iter().all(|row| row.cells[at].counters.is_empty()) {
        return;
    }
    let _ = writeln!(out, "Hoop's counters over all calls of one process (those that are not 0)");
    for row in rows {
        let shown = row.cells[at].counters.iter().filter(|(_, value)| value != "0");
        let words: Vec<String> = shown.map(|(name, value)| format!("{name} {value}")).collect();
        let _ = writeln!(out, "{:<16}{}", row.program, words.join(", "));
    }
}
