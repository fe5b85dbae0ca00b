use super::*;
use crate::model::PeerId;
use crate::talk::outcome::{PassedOver, ProblemKind, RunEnd, Skipped, StepOutcome};
use crate::talk::tree::Span;
use std::time::Duration;

const SOURCE: &str = "step \"a\"\n> 01\nstep \"b #1\"\n< 02\nstep \"c\"\n> 03\n";

fn outcome() -> RunOutcome {
    let step = |name: &str, verdict, problems| StepOutcome {
        name: name.to_owned(),
        span: Span::new(0, 8),
        verdict,
        problems,
        notes: vec!["seen \u{1b}[0m".to_owned()],
        tries: 1,
        began: Duration::ZERO,
        took: Duration::from_millis(20),
    };
    let passed = vec![PassedOver { peer: PeerId(1).0, record: 3, bytes: [7][..].into(), len: 1, why: None }];
    let kind = ProblemKind::NoMatch { within: Duration::from_secs(1), passed, more: 0 };
    let span = Span::new(SOURCE.find("< 02").unwrap(), SOURCE.find("\nstep \"c").unwrap());
    let failed = vec![Problem { kind, span, went_on: false }];
    RunOutcome {
        steps: vec![
            step("a", Verdict::Passed, Vec::new()),
            step("b #1", Verdict::Failed, failed),
            step("c", Verdict::Skipped(Skipped::Required), Vec::new()),
        ],
        problems: Vec::new(),
        end: RunEnd::Done,
        took: Duration::from_secs(1),
        captures: Vec::new(),
    }
}

fn made(form: ReportForm, rounds: &[Option<u64>]) -> String {
    let script = Script::new(None, SOURCE.to_owned(), &[]).unwrap();
    let outcome = outcome();
    let runs: Vec<_> =
        rounds.iter().map(|round| Reported { script: &script, round: *round, outcome: &outcome }).collect();
    report(form, &runs, Lang::En).unwrap()
}

#[test]
fn every_form_has_all_rounds_with_their_steps() {
    let rounds = [Some(1), Some(2)];
    let tap = made(ReportForm::Tap, &rounds);
    let lines: Vec<&str> = tap.lines().collect();
    assert_eq!((lines[0], lines[1], lines[2], lines[3]), (TAP_HEAD, "# Round 1", "ok 1 - a", "not ok 2 - b \\#1"));
    assert!(lines[5].starts_with("  message: \"-:4:1: "), "{tap}");
    assert!(tap.contains("ok 3 - c # SKIP ") && tap.contains("ok 6 - c # SKIP ") && tap.ends_with("1..6\n"), "{tap}");
    let json = made(ReportForm::Json, &rounds);
    let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 8);
    assert_eq!((lines[1]["verdict"].as_str(), lines[1]["problems"][0]["line"].as_u64()), (Some("failed"), Some(4)));
    assert_eq!((lines[3]["passed"].as_u64(), lines[3]["ok"].as_bool()), (Some(1), Some(false)));
    let xml = made(ReportForm::Junit, &rounds);
    assert_eq!((xml.matches("<testcase ").count(), xml.matches("<failure ").count()), (6, 2), "{xml}");
    assert!(xml.contains("Round 2") && !xml.contains('\u{1b}'), "{xml}");
}

#[test]
fn a_report_that_cannot_be_written_names_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").join("report.xml");
    let error = write_report(&missing, ReportForm::Tap, &[], Lang::En).unwrap_err();
    assert_eq!((error.operation, error.address), (Operation::SaveFile, missing.display().to_string()));
    let path = folder.path().join("report.tap");
    assert_eq!(write_report(&path, ReportForm::Tap, &[], Lang::En), Ok(20));
}
