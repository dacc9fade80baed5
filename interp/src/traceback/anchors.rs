//! Where the operator of an expression's outermost binary operation stands, or the brackets of its outermost call or
//! subscript: found by scanning the text for what binds weakest outside all brackets.

/// The range (character indices) to mark with `^`; nothing if the text is no such expression.
pub fn find(text: &[char]) -> Option<(usize, usize)> {
    let mut scan = Scan { text, best: None, group: None };
    scan.run()?;
    let starts_unary = matches!(text.first(), Some('-' | '+' | '~'));
    match scan.best {
        Some((POWER, ..)) if starts_unary => None,
        Some((_, from, to)) => Some((from, to)),
        None if starts_unary => None,
        None => scan.group.filter(|g| g.1 == text.len()),
    }
}

/// Does the expression end in a call, as its outermost operation?
pub fn ends_in_call(text: &[char]) -> bool {
    text.last() == Some(&')') && find(text).is_some_and(|(from, to)| text[from] == '(' && to == text.len())
}

/// The index of the bracket that closes the one at `open`.
pub fn closes(text: &[char], open: usize) -> Option<usize> {
    let (mut depth, mut at) = (0, open);
    while at < text.len() {
        match text[at] {
            '"' | '\'' => {
                at = string_end(text, at);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Binding strength of `**`.
const POWER: u8 = 9;

struct Scan<'a> {
    text: &'a [char],
    /// Strength, start and end of the operator that binds weakest so far.
    best: Option<(u8, usize, usize)>,
    /// The last bracketed group that follows something.
    group: Option<(usize, usize)>,
}

impl Scan<'_> {
    fn run(&mut self) -> Option<()> {
        let mut at = 0;
        while at < self.text.len() {
            let c = self.text[at];
            at = match c {
                '"' | '\'' => string_end(self.text, at),
                '#' => at + self.text[at..].iter().take_while(|&&c| c != '\n').count(),
                '(' | '[' | '{' => {
                    let end = closes(self.text, at)? + 1;
                    if at > 0 && c != '{' {
                        self.group = Some((at, end));
                    }
                    end
                }
                c if c.is_alphabetic() || c == '_' => self.word(at)?,
                _ => self.operator(at)?,
            };
        }
        Some(())
    }

    /// A name; keywords make it another kind of expression, or a statement.
    fn word(&self, at: usize) -> Option<usize> {
        const OTHERS: &[&str] = &[
            "and", "or", "not", "in", "is", "if", "else", "lambda", "yield", "await", "for", "raise",
            "return", "assert", "with", "class", "def", "del", "import", "from", "try", "except", "finally",
            "while", "global", "nonlocal", "pass", "break", "continue", "async", "as",
        ];
        let end = at + self.text[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
        let word: String = self.text[at..end].iter().collect();
        (!OTHERS.contains(&word.as_str())).then_some(end)
    }

    pub fn operator(&mut self, at: usize) -> Option<usize> {
        let c = self.text[at];
        let two: String = self.text[at..].iter().take(2).collect();
        let after_two = self.text.get(at + 2);
        let (rank, len) = match (two.as_str(), c) {
            ("**", _) => (POWER, 2),
            ("//", _) => (6, 2),
            ("<<" | ">>", _) => (4, 2),
            (_, '<' | '>' | '=' | '!' | ',' | ':' | ';') => return None,
            (_, '+' | '-') => (5, 1),
            (_, '*' | '/' | '%' | '@') => (6, 1),
            (_, '&') => (3, 1),
            (_, '^') => (2, 1),
            (_, '|') => (1, 1),
            (_, c) if c.is_ascii_digit() => return Some(self.number_end(at)),
            _ => return Some(at + 1),
        };
        let next = if len == 2 { after_two } else { self.text.get(at + 1) };
        if next == Some(&'=') && self.text.get(at + len + 1) != Some(&'=') {
            // An augmented assignment.
            return None;
        }
        let weaker = match self.best {
            None => true,
            // Powers group to the right, the others to the left.
            Some((POWER, ..)) => rank < POWER,
            Some((b, ..)) => rank <= b,
        };
        if !self.is_unary(at) && weaker {
            self.best = Some((rank, at, at + len));
        }
        Some(at + len)
    }

    /// Over digits and the sign of an exponent.
    fn number_end(&self, at: usize) -> usize {
        let mut end = at;
        while let Some(&c) = self.text.get(end) {
            let exponent =
                matches!(c, '+' | '-') && matches!(self.text[end - 1], 'e' | 'E') && self.text[at] != '0';
            if !(c.is_alphanumeric() || c == '_' || c == '.' || exponent) {
                break;
            }
            end += 1;
        }
        end
    }

    /// A sign at the start or after another operator.
    fn is_unary(&self, at: usize) -> bool {
        let before = self.text[..at].iter().rev().find(|c| !c.is_whitespace() && **c != '\\');
        before.is_none_or(|c| "+-*/%@&|^<>=,(~!".contains(*c))
    }
}

/// The index after the string literal that starts with the quote at `at`.
fn string_end(text: &[char], at: usize) -> usize {
    let quote = text[at];
    let triple = text.get(at + 1) == Some(&quote) && text.get(at + 2) == Some(&quote);
    let mut i = if triple { at + 3 } else { at + 1 };
    while i < text.len() {
        if text[i] == '\\' {
            i += 2;
            continue;
        }
        if text[i] == quote {
            if !triple {
                return i + 1;
            }
            if text.get(i + 1) == Some(&quote) && text.get(i + 2) == Some(&quote) {
                return i + 3;
            }
        }
        i += 1;
    }
    text.len()
}
