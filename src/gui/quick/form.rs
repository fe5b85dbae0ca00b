//! The form of a quick command while it is open.

use crate::gui::quick::fields::Fields;
use crate::gui::quick::list::{Group, commands};
use crate::talk::edit::{Document, Edit, Place};
use crate::talk::{Outside, read};

/// The form of one command.
pub struct CommandForm {
    /// The command that is edited; `None`: a new one.
    pub entry: Option<usize>,
    /// The fields when the form was opened.
    pub before: Fields,
    /// The fields as typed.
    pub fields: Fields,
    /// The title of its group as typed; empty for none.
    pub group: String,
    group_before: String,
    /// The text of the file when the form was opened.
    source: String,
    /// The filter of the checks.
    pub check_filter: String,
    /// The content gets the focus in the next frame.
    pub wants_focus: bool,
    /// A control of it had the focus in the last frame: Esc takes the focus away before the form sees the key.
    pub held_focus: bool,
    /// The user has tried to save it: errors are shown.
    pub is_tried: bool,
}

/// Why a form cannot be saved.
#[derive(Clone, Debug, PartialEq)]
pub enum Unfit {
    /// The lines have this error.
    Lines(crate::talk::ErrorKind),
    /// Nothing is sent.
    Empty,
}

impl CommandForm {
    /// A form for a new command in a group.
    pub fn new(fields: Fields, group: String, document: &Document) -> Self {
        Self {
            entry: None,
            before: fields.clone(),
            fields,
            group_before: group.clone(),
            group,
            source: document.source().to_owned(),
            check_filter: String::new(),
            wants_focus: true,
            held_focus: false,
            is_tried: false,
        }
    }

    /// A form for a command of the file; `None`: a form cannot show all that it does.
    pub fn of(document: &Document, entry: usize, groups: &[Group]) -> Option<Self> {
        let fields = Fields::of(document, entry)?;
        let of = groups.iter().find(|group| group.commands.iter().any(|quick| quick.entry == entry));
        let title = of.map(|group| group.title.clone()).unwrap_or_default();
        Some(Self { entry: Some(entry), ..Self::new(fields, title, document) })
    }

    /// The file is the one that the form was opened with.
    pub fn is_current(&self, document: &Document) -> bool {
        self.source == document.source()
    }

    /// What hinders saving it. Errors of numbers are at their fields.
    pub fn unfit(&self) -> Option<Unfit> {
        if self.fields.sends.typed.trim().is_empty() && !self.fields.sends.is_text {
            return Some(Unfit::Empty);
        }
        let known: Vec<String> = Document::new(self.source.clone())
            .file()
            .tops
            .iter()
            .filter_map(|top| match &top.kind {
                crate::talk::tree::TopKind::Var(var) => Some(var.name.value.clone()),
                _ => None,
            })
            .collect();
        let outside = Outside { names: known.into_iter().collect(), has_used_files: true };
        let parsed = read(&self.fields.lines(), &outside);
        parsed.errors.into_iter().next().map(|error| Unfit::Lines(error.kind))
    }

    /// The edits that save it.
    pub fn edits(&self, document: &Document, groups: &[Group]) -> Vec<Edit> {
        let group = self.group.trim();
        let is_moved = group != self.group_before;
        let Some(entry) = self.entry else {
            return match place_in(groups, group, None) {
                Some(at) => self.fields.insertion(at),
                None => {
                    vec![Edit::Insert { at: Place::End, lines: format!("{}\n{}", heading(group), self.fields.lines()) }]
                }
            };
        };
        let mut edits = self.fields.edits(document, entry, &self.before);
        if is_moved {
            match place_in(groups, group, Some(entry)) {
                Some(to) => edits.push(Edit::Move { entry, to }),
                None => {
                    edits.push(Edit::Insert { at: Place::End, lines: heading(group) });
                    edits.push(Edit::Move { entry, to: Place::End });
                }
            }
        }
        edits
    }
}

/// The line of a heading.
pub fn heading(title: &str) -> String {
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("group \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{"))
}

/// Where a command goes to be the last one of a group; `None`: there is no such group yet. `moved`: the command that moves.
pub fn place_in(groups: &[Group], title: &str, moved: Option<usize>) -> Option<Place> {
    let found = groups.iter().find(|group| group.title == title);
    let last = found.and_then(|group| group.commands.iter().rev().find(|quick| Some(quick.entry) != moved));
    match (last, found.and_then(|group| group.entry)) {
        (Some(last), _) => Some(Place::After(last.entry)),
        (None, Some(heading)) => Some(Place::After(heading)),
        // Before the first heading.
        (None, None) if title.is_empty() => {
            let first = groups.iter().find_map(|group| group.entry);
            Some(first.map_or(Place::End, Place::Before))
        }
        (None, None) => None,
    }
}

/// The entries of the commands that are on, in order.
pub fn enabled(groups: &[Group]) -> Vec<usize> {
    commands(groups).filter(|quick| !quick.is_off).map(|quick| quick.entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::quick::list::groups;

    const FILE: &str = "> 01\ngroup \"a\"\n> 02\n> 03\ngroup \"b\"\n";

    fn saved(entry: Option<usize>, change: impl FnOnce(&mut CommandForm)) -> String {
        let mut document = Document::new(FILE.to_owned());
        let list = groups(&document);
        let mut form = match entry {
            Some(entry) => CommandForm::of(&document, entry, &list).unwrap(),
            None => CommandForm::new(Fields::default(), String::new(), &document),
        };
        change(&mut form);
        assert_eq!(form.unfit(), None);
        for edit in form.edits(&document.clone(), &list) {
            document.apply(&edit).unwrap_or_else(|error| panic!("{error:?}"));
        }
        document.source().to_owned()
    }

    #[test]
    fn a_new_command_is_the_last_of_its_group() {
        let new = |group: &str| {
            saved(None, |form| {
                form.group = group.to_owned();
                form.fields.sends.typed = "09".into();
            })
        };
        let lines = "step \"09\"\n> 09\n";
        assert_eq!(new("a"), FILE.replace("> 03\n", &format!("> 03\n{lines}")));
        assert_eq!(new("b"), format!("{FILE}{lines}"));
        assert_eq!(new("c"), format!("{FILE}group \"c\"\n{lines}"));
        assert_eq!(new(""), FILE.replacen("> 01\n", &format!("> 01\n{lines}"), 1));
    }

    #[test]
    fn a_command_moves_to_another_group() {
        let moved = |group: &str| saved(Some(2), |form| form.group = group.to_owned());
        assert_eq!(moved("b"), "> 01\ngroup \"a\"\n> 03\ngroup \"b\"\n> 02\n");
        assert_eq!(moved("c"), "> 01\ngroup \"a\"\n> 03\ngroup \"b\"\ngroup \"c\"\n> 02\n");
        assert_eq!(moved(""), "> 01\n> 02\ngroup \"a\"\n> 03\ngroup \"b\"\n");
        assert_eq!(moved("a"), FILE);
    }

    #[test]
    fn what_cannot_be_written_is_found_before_it_is_saved() {
        let document = Document::new("var unit = 1\n".to_owned());
        let mut form = CommandForm::new(Fields::default(), String::new(), &document);
        assert_eq!(form.unfit(), Some(Unfit::Empty));
        form.fields.sends.typed = "0".into();
        assert!(matches!(form.unfit(), Some(Unfit::Lines(_))));
        form.fields.sends.typed = "{{unit:u8}} {{n}}".into();
        assert_eq!(form.unfit(), None);
    }
}
