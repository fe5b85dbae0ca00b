//! The command as clap shows it: names and groups come from [`super::args`], words from the table of a language.

use super::args::Arguments;
use super::plan::ExportForm;
use super::program::Program;
use crate::codec::framing::PRESETS;
pub(super) use crate::words::group;
use crate::words::{HelpTexts, Lang, Named};
use clap::{Arg, Command, CommandFactory};

fn of_name(words: Named, name: &str) -> Option<&'static str> {
    words.iter().find(|(of, _)| *of == name).map(|(_, words)| *words)
}

fn joined(names: &[String], (between, before_last): (&str, &str)) -> String {
    let [front @ .., last] = names else { return String::new() };
    let front = front.join(between);
    // A full-width bracket brings its own space.
    let before_last = if front.ends_with('\u{ff09}') { before_last.trim_start() } else { before_last };
    if front.is_empty() { last.clone() } else { format!("{front}{before_last}{last}") }
}

/// Names of which one is to be chosen: `a, b or c`.
pub(super) fn either(names: impl IntoIterator<Item = impl Into<String>>, lang: Lang) -> String {
    joined(&names.into_iter().map(Into::into).collect::<Vec<_>>(), lang.texts().help().either)
}

/// A text about an option with the forms of export and the presets of framing rules in it.
fn with_names(text: &str, texts: &HelpTexts) -> String {
    let form = |form: ExportForm| match of_name(texts.forms, form.name()) {
        Some(note) => texts.form_of_file.replace("{name}", form.name()).replace("{note}", note),
        None => form.name().to_owned(),
    };
    let all: Vec<String> = ExportForm::all().map(form).collect();
    let of_text: Vec<String> =
        ExportForm::all().filter(|form| form.has_text()).map(|form| form.name().to_owned()).collect();
    let presets: Vec<&str> = PRESETS.iter().filter(|preset| !preset.is_plain()).map(|preset| preset.name).collect();
    text.replace("{forms}", &joined(&all, texts.either))
        .replace("{forms of text}", &joined(&of_text, texts.all))
        .replace("{presets}", &presets.join(texts.either.0))
}

/// The whole command in `lang`, under the name of the program that runs.
pub(super) fn command(lang: Lang) -> Command {
    command_of(Program::running(), lang)
}

fn command_of(program: Program, lang: Lang) -> Command {
    let name = program.command_name();
    let command = dressed(Arguments::command(), lang.texts().help()).name(name).bin_name(name);
    match program {
        Program::Whole | Program::Window => command,
        Program::Console => {
            let of_window = of_name(lang.texts().help().groups, group::WINDOW);
            command
                .mut_args(|arg| if arg.get_help_heading() == of_window { arg.hide(true) } else { arg })
                .mut_subcommand("gui", |gui| gui.hide(true))
        }
    }
}

/// The commands of `captures`, as they are typed.
pub(super) fn captures_commands() -> Vec<String> {
    let command = Arguments::command();
    let captures = command.find_subcommand("captures");
    captures.into_iter().flat_map(Command::get_subcommands).map(|command| command.get_name().to_owned()).collect()
}

/// Help as clap rendered it. The placeholders of its usage line and the colons behind headings are those of English, and texts of
/// options name the program.
pub(super) fn rendered(help: &str, lang: Lang) -> String {
    let texts = lang.texts().help();
    let program = Program::running().command_name();
    let line = |line: &str| {
        if line.starts_with(texts.usage) {
            line.replace("[OPTIONS]", texts.options_word).replace("[COMMAND]", texts.command_word)
        } else if let Some(heading) = line.trim_end().strip_suffix(':').filter(|heading| !heading.starts_with(' ')) {
            format!("{heading}{}\n", lang.texts().colon().trim_end())
        } else {
            line.replace("wirebench rules", &format!("{program} rules"))
        }
    };
    help.split_inclusive('\n').map(line).collect()
}

fn dressed(command: Command, texts: &'static HelpTexts) -> Command {
    let name = command.get_name().to_owned();
    let mut command = command
        .help_template(format!("{{about}}\n\n{}{{usage}}\n\n{{all-args}}{{after-help}}", texts.usage))
        .subcommand_help_heading(texts.commands_heading)
        .mut_args(|arg| dressed_arg(arg, &name, texts))
        .mut_subcommands(|sub| dressed(sub, texts));
    if let Some(about) = of_name(texts.commands, &name) {
        command = command.about(about);
    }
    if name == "wirebench" || name == "listen" || name == "connect" || name == "forward" {
        command = command.after_help(texts.after);
    }
    command
}

fn dressed_arg(arg: Arg, command: &str, texts: &HelpTexts) -> Arg {
    let id = arg.get_id().as_str();
    let help = of_name(texts.options, &format!("{command} {id}")).or_else(|| of_name(texts.options, id));
    let heading = arg.get_help_heading().and_then(|group| of_name(texts.groups, group));
    let arg = match help {
        Some(help) => arg.help(with_names(help, texts)),
        None => arg,
    };
    match heading {
        Some(heading) => arg.help_heading(heading),
        None => arg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &Command, check: &mut dyn FnMut(&Command)) {
        check(command);
        for sub in command.get_subcommands() {
            each(sub, check);
        }
    }

    #[test]
    fn every_option_and_command_has_help_in_every_language() {
        for lang in Lang::ALL {
            let texts = lang.texts().help();
            let (mut named, mut ids) = (Vec::new(), Vec::new());
            each(&command(lang), &mut |command| {
                let name = command.get_name();
                assert!(of_name(texts.commands, name).is_some(), "{lang:?} {name}");
                named.push(name.to_owned());
                for arg in command.get_arguments() {
                    let id = arg.get_id().as_str();
                    assert!(arg.get_help().is_some(), "{lang:?} {name} {id}");
                    let heading = arg.get_help_heading();
                    assert!(texts.groups.iter().any(|(_, words)| Some(*words) == heading), "{lang:?} {name} {id}");
                    ids.extend([id.to_owned(), format!("{name} {id}")]);
                }
            });
            let unused = |names: Named, used: &[String]| {
                names
                    .iter()
                    .map(|(name, _)| *name)
                    .filter(|name| !used.iter().any(|one| one == name))
                    .collect::<Vec<_>>()
            };
            let forms: Vec<String> = ExportForm::all().map(|form| form.name().to_owned()).collect();
            let (commands, options) = (unused(texts.commands, &named), unused(texts.options, &ids));
            assert!(commands.is_empty() && options.is_empty(), "{lang:?}: of nothing {commands:?} {options:?}");
            assert!(unused(texts.forms, &forms).is_empty(), "{lang:?}: of no form of export");
        }
    }

    #[test]
    fn the_console_program_names_itself_and_lists_nothing_of_the_window() {
        for lang in Lang::ALL {
            let help = command_of(Program::Console, lang).render_help().to_string();
            assert!(help.contains("wirebench-cli [OPTIONS]"), "{help}");
            for absent in ["wirebench [OPTIONS]", "\n  gui", "--theme", "--demo"] {
                assert!(!help.contains(absent), "{absent}: {help}");
            }
            let error = command_of(Program::Console, lang).try_get_matches_from(["wirebench.exe", "listen", "--help"]);
            let help = error.expect_err("help is no match").to_string();
            assert!(help.contains("wirebench-cli listen [OPTIONS]") && help.contains("--data-dir"), "{help}");
        }
    }

    #[test]
    fn the_command_is_sound() {
        for lang in Lang::ALL {
            command(lang).debug_assert();
        }
    }

    #[test]
    fn lists_of_names() {
        assert_eq!(either(["a", "b", "c"], Lang::En), "a, b or c");
        assert_eq!(either(["a", "b", "c"], Lang::ZhCn), "a、b 或 c");
        assert_eq!(either(["a"], Lang::En), "a");
        assert_eq!(joined(&["a（x）".into(), "b".into()], Lang::ZhCn.texts().help().either), "a（x）或 b");
    }
}
