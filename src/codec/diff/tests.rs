use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// `=2 ~1 +3 -4`: equal, changed, only right, only left.
fn summary(diff: &Diff) -> String {
    let sign = |kind| match kind {
        RunKind::Equal => '=',
        RunKind::Changed => '~',
        RunKind::OnlyLeft => '-',
        RunKind::OnlyRight => '+',
    };
    diff.runs.iter().map(|run| format!("{}{}", sign(run.kind), run.len)).collect::<Vec<_>>().join(" ")
}

/// Count of bytes of this kind.
fn count(diff: &Diff, kind: RunKind) -> usize {
    diff.runs.iter().filter(|run| run.kind == kind).map(|run| run.len).sum()
}

/// Checks that the runs cover both inputs in order and describe them correctly.
fn check(diff: &Diff, left: &[u8], right: &[u8]) {
    let (mut l, mut r) = (0, 0);
    let mut before = None;
    for run in &diff.runs {
        assert!(run.len > 0 && before != Some(run.kind), "{run:?}");
        before = Some(run.kind);
        assert_eq!((run.left, run.right), (l, r), "{run:?}");
        let (l_end, r_end) =
            (l + if run.kind.has_left() { run.len } else { 0 }, r + if run.kind.has_right() { run.len } else { 0 });
        let mut pairs = left[l..l_end].iter().zip(&right[r..r_end]);
        match run.kind {
            RunKind::Equal => assert!(pairs.all(|(a, b)| a == b), "{run:?}"),
            RunKind::Changed => assert!(pairs.all(|(a, b)| a != b), "{run:?}"),
            RunKind::OnlyLeft | RunKind::OnlyRight => {}
        }
        (l, r) = (l_end, r_end);
    }
    assert_eq!((l, r), (left.len(), right.len()));
}

#[test]
fn messages_are_aligned_as_people_read_them() {
    for (left, right, runs, differences) in [
        ("", "", "", 0),
        ("abc", "abc", "=3", 0),
        ("", "abc", "+3", 1),
        ("abc", "", "-3", 1),
        ("temp=21.5;hum=40", "temp=121.7;hum=40", "=5 +1 =3 ~1 =7", 2),
        // Two bytes in swapped order are changed, not deleted and inserted.
        ("\x01\x00\x17\x02", "\x01\x17\x00\x02", "=1 ~2 =1", 1),
        // Different lengths: changed as far as both sides go.
        ("id=7 ok", "id=1024 ok", "=3 ~1 +3 =3", 1),
        ("id=1024 ok", "id=7 ok", "=3 ~1 -3 =3", 1),
        // An equal byte in between by chance does not split the insertion.
        ("begin end", "begin b12345 end", "=6 +7 =3", 1),
        ("one two three", "one three", "=5 -4 =4", 1),
        ("0123456789", "9876543210", "~10", 1),
    ] {
        let diff = Diff::of(left.as_bytes(), right.as_bytes());
        check(&diff, left.as_bytes(), right.as_bytes());
        assert_eq!((summary(&diff).as_str(), diff.differences()), (runs, differences), "{left:?} {right:?}");
        assert!(!diff.is_rough);
    }
}

/// Deterministic bytes without repetitions.
fn noise(len: usize, mut seed: u64) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(len).collect()
}

#[test]
fn long_messages_are_aligned_too() {
    let left = noise(60_000, 1);
    let mut right = left.clone();
    right[2] ^= 1;
    right[59_999] ^= 1;
    right.splice(30_000..30_000, noise(2048, 2));
    let diff = Diff::of(&left, &right);
    check(&diff, &left, &right);
    assert_eq!((diff.differences(), diff.is_rough), (3, false), "{}", summary(&diff));
    assert_eq!((count(&diff, RunKind::Changed), count(&diff, RunKind::OnlyRight)), (2, 2048));

    let mut other_half_first = left[30_000..].to_vec();
    other_half_first.extend_from_slice(&left[..30_000]);
    let diff = Diff::of(&left, &other_half_first);
    check(&diff, &left, &other_half_first);
    assert_eq!((diff.runs.len(), count(&diff, RunKind::Equal)), (3, 30_000), "{}", summary(&diff));
}

#[test]
fn what_repeats_itself_is_aligned() {
    let mut left = vec![0_u8; 20_000];
    left[100] = 1;
    left[19_000] = 1;
    let mut right = vec![0_u8; 20_500];
    right[100] = 2;
    right[19_500] = 2;
    let diff = Diff::of(&left, &right);
    check(&diff, &left, &right);
    assert!(!diff.is_rough);
    assert!(count(&diff, RunKind::Equal) > 19_900, "{}", summary(&diff));
}

#[test]
fn what_is_not_aligned_is_said() {
    let (left, right) = (noise(40_000, 3), noise(41_000, 4));
    let diff = Diff::of(&left, &right);
    check(&diff, &left, &right);
    assert!(diff.is_rough, "nothing in common");
    assert_eq!(count(&diff, RunKind::OnlyRight), 1_000, "compared by position");

    let long = noise(Diff::ALIGNED_BYTES + 10, 5);
    let mut other = long.clone();
    other.insert(Diff::ALIGNED_BYTES + 5, 7);
    let diff = Diff::of(&long, &other);
    check(&diff, &long, &other);
    assert!(diff.is_rough, "too long");
    assert_eq!(diff.runs[0].len, Diff::ALIGNED_BYTES + 5);

    let left = noise(3_000, 6);
    let mut right = left.clone();
    right.splice(1_500..1_500, noise(100, 7));
    right[10] ^= 1;
    right[3_000] ^= 1;
    let late = Diff::before(&left, &right, Instant::now());
    check(&late, &left, &right);
    assert!(late.is_rough, "no time");
    assert!(!Diff::of(&left, &right).is_rough);
}

/// The cost of the cheapest alignment, found by trying all. `gap` is the kind of gap at the previous position.
fn cheapest_of_all(left: &[u8], right: &[u8], gap: Option<RunKind>) -> u32 {
    let step = |kind| GAP_BYTE + if gap == Some(kind) { 0 } else { GAP };
    let mut best = if left.is_empty() && right.is_empty() { 0 } else { u32::MAX };
    if let [_, rest @ ..] = left {
        best = best.min(step(RunKind::OnlyLeft) + cheapest_of_all(rest, right, Some(RunKind::OnlyLeft)));
    }
    if let [_, rest @ ..] = right {
        best = best.min(step(RunKind::OnlyRight) + cheapest_of_all(left, rest, Some(RunKind::OnlyRight)));
    }
    if let ([a, left @ ..], [b, right @ ..]) = (left, right) {
        best = best.min(if a == b { 0 } else { CHANGE } + cheapest_of_all(left, right, None));
    }
    best
}

fn cost(kinds: &[RunKind]) -> u32 {
    let mut before = None;
    let mut cost = 0;
    for kind in kinds {
        cost += match kind {
            RunKind::Equal => 0,
            RunKind::Changed => CHANGE,
            RunKind::OnlyLeft | RunKind::OnlyRight => GAP_BYTE + if before == Some(kind) { 0 } else { GAP },
        };
        before = Some(kind);
    }
    cost
}

proptest! {
    #[test]
    fn the_runs_rebuild_both_sides(left in vec(0_u8..6, 0..200), right in vec(0_u8..6, 0..200)) {
        let diff = Diff::of(&left, &right);
        check(&diff, &left, &right);
        let swapped = diff.swapped();
        check(&swapped, &right, &left);
        prop_assert_eq!(swapped.swapped(), diff);
    }

    #[test]
    fn identical_bytes_are_one_run(bytes in vec(any::<u8>(), 1..3000)) {
        prop_assert_eq!(summary(&Diff::of(&bytes, &bytes)), format!("={}", bytes.len()));
    }

    #[test]
    fn inserted_bytes_are_exactly_what_is_only_right(
        left in vec(0_u8..3, 0..3000), new in vec(0_u8..3, 1..300), at in any::<prop::sample::Index>()
    ) {
        let at = at.index(left.len() + 1);
        let mut right = left.clone();
        right.splice(at..at, new.iter().copied());
        let diff = Diff::of(&left, &right);
        check(&diff, &left, &right);
        prop_assert_eq!(count(&diff, RunKind::OnlyRight), new.len());
        prop_assert_eq!(count(&diff, RunKind::Equal), left.len());
        prop_assert_eq!(diff.differences(), 1);
    }

    #[test]
    fn no_alignment_is_cheaper(left in vec(0_u8..3, 0..6), right in vec(0_u8..3, 0..6)) {
        prop_assert_eq!(cost(&cheapest(&left, &right)), cheapest_of_all(&left, &right, None));
    }

    #[test]
    fn pieces_of_long_strings_rebuild_both_sides(seed in 1_u64.., cuts in vec((any::<prop::sample::Index>(), 0_usize..400), 1..8)) {
        let left = noise(6_000, seed);
        let mut right = left.clone();
        for (at, len) in cuts {
            let at = at.index(right.len());
            let end = (at + len / 3).min(right.len());
            right.splice(at..end, noise(len, seed ^ 0xFF));
        }
        check(&Diff::of(&left, &right), &left, &right);
    }
}
