//! Finding names by a few of their letters, in order; Chinese characters also by their pinyin or its initials.

use pinyin::ToPinyin as _;

/// Points for a found character; more for one right after another, and for the first one of a word.
const FOUND: i32 = 4;
const IN_A_ROW: i32 = 8;
const AT_START: i32 = 7;
/// Points that a text loses for each character before the first found one, at most so many.
const LATE: i32 = 6;
/// Longer names are compared only so far.
const LONGEST: usize = 80;

/// Points for the words of `text` in an entry, and which characters of its name were found. Each word must be in the name, or as a
/// whole in `detail` or `more`.
pub fn entry(text: &str, name: &str, detail: &str, more: &str) -> Option<(i32, Vec<usize>)> {
    let (mut score, mut places) = (0, Vec::new());
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
        let plain: String = word.iter().collect();
        let beside = [(detail, 0), (more, 2)].into_iter().find_map(|(text, points)| {
            let is_in = text.to_lowercase().contains(&plain);
            is_in.then(|| points + FOUND * i32::try_from(word.len()).unwrap_or(0))
        });
        match (in_name(&word, name), beside) {
            (Some((points, found)), beside) if beside.is_none_or(|beside| points >= beside) => {
                score += points;
                places.extend(found);
            }
            (_, Some(points)) => score += points,
            (_, None) => return None,
        }
    }
    places.sort_unstable();
    places.dedup();
    // Of two equal ones the shorter name is closer.
    Some((score * 4 - i32::try_from(name.chars().count()).unwrap_or(0).min(40), places))
}

/// How well the rest of the word was found from a character of the name on.
#[derive(Clone, Copy)]
struct Best {
    points: i32,
    /// Characters of the word that this character of the name stands for; 0 if it was passed over.
    taken: usize,
}

fn in_name(word: &[char], name: &str) -> Option<(i32, Vec<usize>)> {
    let name: Vec<char> = name.chars().take(LONGEST).collect();
    let (rows, columns) = (name.len() + 1, word.len() + 1);
    // By character of the name, character of the word, and whether the character before was found.
    let mut best: Vec<Option<Best>> = vec![None; rows * columns * 2];
    let at = |i: usize, j: usize, after: bool| (i * columns + j) * 2 + usize::from(after);
    for i in 0..rows {
        for after in [false, true] {
            best[at(i, word.len(), after)] = Some(Best { points: 0, taken: 0 });
        }
    }
    for i in (0..name.len()).rev() {
        let starts_word = starts_word(&name, i);
        for j in (0..word.len()).rev() {
            for after in [false, true] {
                let mut found = best[at(i + 1, j, false)].map(|rest| Best { points: rest.points, taken: 0 });
                for taken in lengths(name[i], &word[j..]) {
                    let Some(rest) = best[at(i + 1, j + taken, true)] else { continue };
                    let length = i32::try_from(taken).unwrap_or(1);
                    let bonus = if after { IN_A_ROW } else { 0 } + if starts_word { AT_START } else { 0 };
                    // Within a syllable each letter is right after another.
                    let points = rest.points + FOUND * length + IN_A_ROW * (length - 1) + bonus;
                    if found.is_none_or(|found| points > found.points) {
                        found = Some(Best { points, taken });
                    }
                }
                best[at(i, j, after)] = found;
            }
        }
    }
    let points = best[at(0, 0, false)]?.points;
    let (mut places, mut j, mut after) = (Vec::new(), 0, false);
    for i in 0..name.len() {
        let Some(step) = best[at(i, j, after)].filter(|_| j < word.len()) else { break };
        if step.taken > 0 {
            places.push(i);
        }
        (j, after) = (j + step.taken, step.taken > 0);
    }
    let late = i32::try_from(*places.first()?).unwrap_or(LATE).min(LATE);
    // Letters strewn over a long name are no find.
    let is_strewn = points < FOUND * i32::try_from(word.len()).unwrap_or(0) + AT_START || is_by_chance(&name, &places);
    (!is_strewn || word.len() < 2).then_some((points - late, places))
}

fn starts_word(name: &[char], i: usize) -> bool {
    i == 0 || !name[i - 1].is_alphanumeric() || !name[i].is_ascii()
}

/// The found characters are in several pieces, and one of them is in a word of the name whose beginning was not found: "plot" in
/// "Open or close the connection".
fn is_by_chance(name: &[char], places: &[usize]) -> bool {
    let is_one_piece = places.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let has_start = |place: usize| {
        (0..=place).rev().find(|i| starts_word(name, *i)).is_some_and(|start| places.binary_search(&start).is_ok())
    };
    !is_one_piece && !places.iter().all(|place| has_start(*place))
}

/// How many characters of the word this one can stand for: itself, or a beginning of its pinyin.
fn lengths(c: char, word: &[char]) -> impl Iterator<Item = usize> {
    let itself = word.first().is_some_and(|first| c.to_lowercase().eq(std::iter::once(*first)));
    let sound = if c.is_ascii() { "" } else { c.to_pinyin().map_or("", |pinyin| pinyin.plain()) };
    let same = sound.chars().zip(word).take_while(|(sound, typed)| sound == *typed).count();
    (1..=same.max(usize::from(itself))).rev()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str, name: &str) -> Option<Vec<usize>> {
        entry(text, name, "", "").map(|(_, places)| places)
    }

    #[test]
    fn letters_are_found_in_order() {
        assert_eq!(places("le", "Clear view"), Some(vec![1, 2]));
        assert_eq!(places("cv", "Clear view"), Some(vec![0, 6]));
        assert_eq!(places("VIEW clear", "Clear view"), Some(vec![0, 1, 2, 3, 4, 6, 7, 8, 9]));
        assert_eq!(places("vc", "Clear view"), None);
        assert_eq!(places("x", ""), None);
        assert_eq!(places("clr", "Clear view"), Some(vec![0, 1, 4]));
        assert_eq!(places("plot", "Open or close the connection"), None);
        assert_eq!(places("octc", "Open or close the connection"), Some(vec![5, 8, 14, 18]));
    }

    #[test]
    fn chinese_is_found_by_characters_pinyin_and_initials() {
        for text in ["清除", "qc", "qingchu", "qingc", "qchu", "清c", "xianshi"] {
            assert!(places(text, "清除显示").is_some(), "{text}");
        }
        assert_eq!(places("xs", "清除显示"), Some(vec![2, 3]));
        assert_eq!(places("hex", "按 HEX 显示"), Some(vec![2, 3, 4]));
        assert_eq!(places("qx", "显示清除"), None);
    }

    #[test]
    fn a_beginning_is_better_than_a_middle() {
        let points = |name: &str| entry("find", name, "", "").map(|(points, _)| points);
        assert!(points("Find") > points("Find next"));
        assert!(points("Find next") > points("Refind"));
        assert!(points("Refind") > entry("find", "Other", "to find", "").map(|(points, _)| points));
    }
}
