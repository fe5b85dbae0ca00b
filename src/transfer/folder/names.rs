//! Which names from the wire may name a file.

use crate::capture::has_device_name;
use crate::codec::safe::is_hidden;
use crate::model::NameProblem;

/// The longest part of a path, in bytes: the limit of the usual file systems.
const PART_BYTES_MAX: usize = 255;
/// The longest path within the folder, in bytes.
pub(in crate::transfer) const NAME_BYTES_MAX: usize = 1024;
/// How the name of an unfinished file ends.
pub(super) const UNFINISHED: &str = ".wirebench-part";

/// Checks a name and returns its parts; the last one names the file.
///
/// # Errors
/// Why the name is refused.
pub(super) fn parts(name: &str) -> Result<Vec<&str>, NameProblem> {
    if name.is_empty() {
        return Err(NameProblem::Empty);
    }
    let is_drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.starts_with(['/', '\\']) || is_drive {
        return Err(NameProblem::Absolute);
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        return Err(NameProblem::Outside);
    }
    if name.chars().any(|c| is_hidden(c) || c == '\\' || c == '\u{FFFD}' || cfg!(windows) && "<>:\"|?*".contains(c)) {
        return Err(NameProblem::Character);
    }
    if has_device_name(name) {
        return Err(NameProblem::Device);
    }
    let parts: Vec<&str> = name.split('/').collect();
    if name.len() > NAME_BYTES_MAX || parts.iter().any(|part| part.len() > PART_BYTES_MAX) {
        return Err(NameProblem::TooLong);
    }
    if parts.iter().any(|part| part.is_empty() || *part == ".") {
        return Err(NameProblem::NotAFile);
    }
    if cfg!(windows) && parts.iter().any(|part| part.ends_with(['.', ' '])) {
        return Err(NameProblem::Character);
    }
    if parts.iter().any(|part| part.to_ascii_lowercase().ends_with(UNFINISHED)) {
        return Err(NameProblem::Reserved);
    }
    Ok(parts)
}

/// Checks the name of a file to receive, which lies in the folder itself.
///
/// # Errors
/// Why the name is refused.
pub(super) fn plain(name: &str) -> Result<&str, NameProblem> {
    match parts(name)?[..] {
        [name] if name.len() + UNFINISHED.len() + 8 <= PART_BYTES_MAX => Ok(name),
        [_] => Err(NameProblem::TooLong),
        _ => Err(NameProblem::InFolder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_or_are_no_file_are_refused() {
        for (name, why) in [
            ("", NameProblem::Empty),
            ("/etc/passwd", NameProblem::Absolute),
            ("\\\\server\\share", NameProblem::Absolute),
            ("C:/a", NameProblem::Absolute),
            ("c:a", NameProblem::Absolute),
            ("..", NameProblem::Outside),
            ("a/../../b", NameProblem::Outside),
            ("a\\..\\b", NameProblem::Outside),
            ("a\0b", NameProblem::Character),
            ("a\nb", NameProblem::Character),
            ("a\u{202E}b", NameProblem::Character),
            ("a\\b", NameProblem::Character),
            ("NUL", NameProblem::Device),
            ("con.txt", NameProblem::Device),
            ("a/COM1", NameProblem::Device),
            (".", NameProblem::NotAFile),
            ("a//b", NameProblem::NotAFile),
            ("a/", NameProblem::NotAFile),
            ("a.bin.wirebench-part", NameProblem::Reserved),
        ] {
            assert_eq!(parts(name), Err(why), "{name:?}");
        }
        assert_eq!(parts(&"x".repeat(256)), Err(NameProblem::TooLong));
        assert_eq!(parts(&"x/".repeat(600)), Err(NameProblem::TooLong));
    }

    #[test]
    fn ordinary_names_are_accepted() {
        for name in ["a", "a.txt", "报告 1.pdf", "..a", "a..b", "sub/a", ".hidden", "console.log"] {
            assert!(parts(name).is_ok(), "{name:?}");
        }
        assert_eq!((plain("a.txt"), plain("sub/a")), (Ok("a.txt"), Err(NameProblem::InFolder)));
        assert_eq!(plain(&"x".repeat(250)), Err(NameProblem::TooLong));
    }
}
