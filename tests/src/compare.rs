//! Comparing what a program printed with what it should print, and saying briefly
//! where the two part.

/// How many differing lines a report shows.
const SHOWN: usize = 3;
/// How much of a long line a report shows.
const WIDTH: usize = 220;

/// None if the texts are equal, else the first lines that differ.
pub fn difference(what: &str, expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let wanted: Vec<&str> = expected.split('\n').collect();
    let got: Vec<&str> = actual.split('\n').collect();
    let mut report = String::new();
    let mut shown = 0;
    for at in 0..wanted.len().max(got.len()) {
        let (w, g) = (wanted.get(at).copied(), got.get(at).copied());
        if w == g {
            continue;
        }
        report += &format!("{what} line {}:\n", at + 1);
        report += &format!("  expected {}\n  got      {}\n", excerpt(w, g), excerpt(g, w));
        shown += 1;
        if shown == SHOWN {
            break;
        }
    }
    Some(report)
}

/// The line, cut so that the first place where it differs from the other is shown.
fn excerpt(line: Option<&str>, other: Option<&str>) -> String {
    let Some(line) = line else { return "(no line)".to_string() };
    let other = other.unwrap_or("");
    let common = line.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let skip = common.saturating_sub(WIDTH / 3);
    let cut: String = line.chars().skip(skip).take(WIDTH).collect();
    let before = if skip > 0 { "..." } else { "" };
    let after = if line.chars().count() > skip + WIDTH { "..." } else { "" };
    format!("{before}{cut}{after}")
}

/// Takes the directories out of `File "..."` in traceback lines.
pub fn without_directories(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out += &shorten_file(line).unwrap_or_else(|| line.to_string());
    }
    out
}

fn shorten_file(line: &str) -> Option<String> {
    let open = line.find("File \"")? + 6;
    let close = open + line[open..].find('"')?;
    let name = line[open..close].rsplit(['/', '\\']).next()?;
    Some(format!("{}{}{}", &line[..open], name, &line[close..]))
}

/// The last lines of a text, for reports of unexpected standard error.
pub fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all[from..].iter().map(|line| format!("  | {}\n", excerpt(Some(line), None))).collect()
}
