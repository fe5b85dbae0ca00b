//! The words of the language.

/// Words that begin an entry at the top of a file. In a block they mean that a `}` is missing.
pub const TOP: &[&str] = &["talk", "var", "use", "session", "part", "step", "on", "group", "off"];

/// Words that begin a statement.
pub const STATEMENTS: &[&str] = &[
    "check", "fail", "note", "wait", "one", "all", "gather", "set", "bytes", "sample", "open", "stop", "close",
    "reset", "shutdown", "repeat", "for", "if", "clients", "do", "get", "put", "serve", "receive",
];

/// Words that stand within an entry or statement. (The words behind `close` and `fails`, and `key`, may be names.)
pub const INNER: &[&str] = &[
    "as", "connect", "listen", "forward", "to", "required", "always", "within", "retry", "every", "also", "idle",
    "limit", "raw", "of", "fails", "until", "in", "csv", "else", "over", "silence", "from", "next", "earlier", "where",
    "continue", "true", "false", "or", "and", "not", "matches", "file",
];

/// Whether a word of the language is written so; names must not be.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    [TOP, STATEMENTS, INNER].iter().any(|words| words.contains(&word))
}

/// A function of the language and the number of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Least number of arguments.
    pub least: usize,
    /// Largest number of arguments.
    pub most: usize,
    /// It belongs to the second level.
    pub is_later: bool,
}

const fn function(name: &'static str, least: usize, most: usize) -> Function {
    Function { name, least, most, is_later: false }
}

const fn later(name: &'static str, least: usize, most: usize) -> Function {
    Function { name, least, most, is_later: true }
}

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    function("len", 1, 1),
    function("slice", 2, 3),
    function("splice", 3, 4),
    function("zeros", 1, 1),
    function("shift", 2, 2),
    function("reverse", 1, 1),
    function("pack", 1, usize::MAX),
    function("unpack", 2, 2),
    function("hex", 1, 1),
    function("num", 1, 1),
    function("text", 1, 1),
    function("lower", 1, 1),
    function("upper", 1, 1),
    function("json", 1, 2),
    function("md5", 1, 1),
    function("sha256", 1, 1),
    function("crc", 1, 2),
    function("time", 0, 2),
    function("random", 0, 2),
    function("uuid", 0, 0),
    function("env", 1, 2),
    function("port", 0, 1),
    function("is_open", 0, 1),
    function("hits", 1, 1),
    function("cert", 0, 2),
    later("count", 1, 1),
    later("sum", 1, 1),
    later("mean", 1, 1),
    later("stddev", 1, 1),
    later("min", 1, 1),
    later("max", 1, 1),
    later("p", 2, 2),
    later("distinct", 1, 1),
];

/// Whether the arguments of a function are names of sessions or rules, which are not evaluated.
#[must_use]
pub fn takes_names(function: Option<&str>) -> bool {
    matches!(function, Some("port" | "is_open" | "hits" | "cert"))
}

/// Values that are there without being set. A name that the file sets comes first.
pub const VALUES: &[&str] = &["round", "peer", "frame", "answer_time", "unix", "unix_ms", "n"];

/// The one of `words` that is written nearly as `word`: about a third of its letters may differ.
pub fn near<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 40;
    let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if letters.len() > LONGEST || letters.len() < 2 {
        return None;
    }
    let most = (letters.len() + 1) / 3;
    let near = words.into_iter().map(|other| (distance(&letters, other), other)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, _)| *distance <= most).map(|(_, other)| other)
}

/// Letters to insert, remove, replace or swap with their neighbour to make one word of the other.
fn distance(word: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    if word.len().abs_diff(other.len()) > word.len() {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in word.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut cost = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && word[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_language_reads_as_hex() {
        for words in [TOP, STATEMENTS, INNER] {
            for word in words {
                assert!(!word.bytes().all(|byte| byte.is_ascii_hexdigit()), "{word}");
            }
        }
    }

    #[test]
    fn a_word_that_is_written_nearly_the_same_is_found() {
        for (word, found) in
            [("repaet", Some("repeat")), ("cheks", Some("check")), ("sesion", None), ("x", None), ("nothing", None)]
        {
            assert_eq!(near(word, STATEMENTS.iter().copied()), found, "{word}");
        }
        assert_eq!(near("sesion", TOP.iter().copied()), Some("session"));
    }
}
