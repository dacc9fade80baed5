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

/// Whether the text is as the pattern says. In a pattern a line `...` stands for any
/// number of lines, and `[..]` for any part of a line.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<&str> = pattern.lines().collect();
    let text: Vec<&str> = text.lines().collect();
    match_all(&pattern, &text, |line| line.trim() == "...", match_line)
}

fn match_line(pattern: &&str, line: &&str) -> bool {
    let parts: Vec<&str> = pattern.split("[..]").collect();
    let [first, rest @ ..] = parts.as_slice() else { return false };
    let Some(mut left) = line.strip_prefix(first) else { return false };
    let Some((last, middle)) = rest.split_last() else { return left.is_empty() };
    for part in middle {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Matches items one by one; an item of the pattern that `is_gap` stands for any number.
fn match_all<T>(pattern: &[T], items: &[T], is_gap: fn(&T) -> bool, one: fn(&T, &T) -> bool) -> bool {
    let (mut at, mut with) = (0, 0);
    // Where to go on if what follows the last gap does not match after all.
    let mut retry = None;
    while at < items.len() {
        if with < pattern.len() && is_gap(&pattern[with]) {
            with += 1;
            retry = Some((at, with));
        } else if with < pattern.len() && one(&pattern[with], &items[at]) {
            at += 1;
            with += 1;
        } else if let Some((from, after)) = retry {
            at = from + 1;
            with = after;
            retry = Some((at, after));
        } else {
            return false;
        }
    }
    pattern[with..].iter().all(is_gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(matches("a\nb\n", "a\nb\n"));
        assert!(!matches("a\n", "a\nb\n"));
        assert!(matches("a\n...\nd\n", "a\nb\nc\nd\n"));
        assert!(matches("...\n", ""));
        assert!(matches("...\nb\n...\nb\n", "a\nb\nc\nb\n"));
        assert!(!matches("...\nb\nc\n", "b\nb\n"));
        assert!(matches("v[..] = add v[..], 3", "v12 = add v7, 3"));
        assert!(!matches("v[..] = add v[..], 3", "v12 = add v7, 4"));
        assert!(matches("[..]", "anything"));
    }

    #[test]
    fn directories_are_taken_out() {
        let text = "  File \"/a/b/c.py\", line 3, in f\nno file\n";
        assert_eq!(without_directories(text), "  File \"c.py\", line 3, in f\nno file\n");
    }

    #[test]
    fn differences_are_short() {
        assert_eq!(difference("x", "a\n", "a\n"), None);
        let report = difference("x", "a\nb\nc\nd\ne\n", "a\n1\n2\n3\n4\n").unwrap_or_default();
        assert_eq!(report.matches("expected").count(), SHOWN);
        assert!(report.starts_with("x line 2:\n  expected b\n  got      1\n"));
    }
}
