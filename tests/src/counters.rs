//! The counters that `--jit-stats` prints at exit, `name: number` a line.

/// All of them, in the order in which they are printed.
pub fn counters(stderr: &str) -> Vec<(&str, u64)> {
    stderr.lines().filter_map(row).collect()
}

/// The counter of that name, if it was printed.
pub fn counter(stderr: &str, name: &str) -> Option<u64> {
    counters(stderr).into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}

fn row(line: &str) -> Option<(&str, u64)> {
    let (name, value) = line.split_once(": ")?;
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
    if is_name { Some((name, value.parse().ok()?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found() {
        let text =
            "warning: 3 x of it\nloops: 2\nabort.too_long: 1\nexit: 1 x guard_true in loop 1\nloops: many\n";
        assert_eq!(counters(text), [("loops", 2), ("abort.too_long", 1)]);
        assert_eq!(counter(text, "abort.too_long"), Some(1));
        assert_eq!(counter(text, "bridges"), None);
    }
}
