//! File transfers: which work, in which folders, and which options exclude them.

use crate::capture::is_inside_capture;
use crate::cli::args::{ConnectArguments, ListenArguments, SessionArguments};
use crate::cli::help;
use crate::cli::usage::UsageError;
use crate::model::{Endpoint, ErrorKind, NameProblem, NetError, Operation, Transport};
use crate::transfer::{Folder, LengthForm, Overwrite, UploadForm, Work};
use crate::words::{self, Lang};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

const GET: &str = "--get";
const PUT: &str = "--put";
const SERVE: &str = "--serve-files";
const RECEIVE: &str = "--receive-files";
const COMMANDS: &str = "--commands";
const SERVE_COMMANDS: &str = "--serve-commands";

/// What a session does in place of sends and replies.
#[derive(Debug)]
pub(in crate::cli) enum Task {
    /// File transfers, or serving commands.
    Transfer(Work),
    /// Sending commands and reading answers of this form.
    Commands(LengthForm),
}

/// The first option that sends or answers otherwise.
fn other_traffic(session: &SessionArguments) -> Option<&'static str> {
    let given = [
        (!session.send.is_empty(), "--send"),
        (!session.send_hex.is_empty(), "--send-hex"),
        (!session.send_file.is_empty(), "--send-file"),
        (session.stdin, "--stdin"),
        (session.echo, "--echo"),
        (session.reply.is_some(), "--reply"),
        (session.reply_hex.is_some(), "--reply-hex"),
        (session.reply_upper, "--reply-upper"),
    ];
    given.into_iter().find_map(|(given, name)| given.then_some(name))
}

/// Checks that the options given can be used together with the rest of the command line.
fn fits(option: &str, session: &SessionArguments, transport: Transport, lang: Lang) -> Result<(), UsageError> {
    if transport != Transport::Tcp {
        return Err(UsageError::option(option, lang.texts().for_tcp_only()));
    }
    match other_traffic(session) {
        Some(other) => Err(UsageError::exclusive(option, other, lang)),
        None => Ok(()),
    }
}

fn folder(option: &str, path: &Path, overwrite: bool, lang: Lang) -> Result<Arc<Folder>, UsageError> {
    if path.is_file() {
        return Err(UsageError::file(option, path, lang.texts().not_a_folder()));
    }
    let overwrite = if overwrite { Overwrite::Replace } else { Overwrite::Never };
    let opened = Folder::open(path, overwrite).map_err(|error| {
        let error = NetError::from_io(Operation::ReadFile, path.display().to_string(), &error);
        UsageError::file(option, path, words::error_cause(&error, lang))
    })?;
    if is_inside_capture(&path.join("file")) {
        let error = NetError::new(Operation::SaveFile, ErrorKind::InsideCapture, "", "");
        return Err(UsageError::file(option, path, words::error_cause(&error, lang)));
    }
    Ok(opened)
}

/// The transfers of a server; `None`: none.
///
/// # Errors
/// A folder cannot be used, or options exclude each other.
pub(super) fn of_server(arguments: &ListenArguments, at: &Endpoint, lang: Lang) -> Result<Option<Task>, UsageError> {
    let transfer = &arguments.transfer;
    if transfer.overwrite && transfer.receive_files.is_none() {
        return Err(UsageError::option("--overwrite", lang.texts().needs_option(RECEIVE)));
    }
    if let Some(form) = &transfer.serve_commands {
        let other = [(&transfer.serve_files, SERVE), (&transfer.receive_files, RECEIVE)];
        if let Some((_, other)) = other.into_iter().find(|(path, _)| path.is_some()) {
            return Err(UsageError::exclusive(SERVE_COMMANDS, other, lang));
        }
        fits(SERVE_COMMANDS, &arguments.session, at.transport, lang)?;
        let form = length_form(SERVE_COMMANDS, form, lang)?;
        // A name may lead elsewhere.
        if !at.at.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()) {
            return Err(UsageError::option(SERVE_COMMANDS, lang.texts().loopback_only()));
        }
        return Ok(Some(Task::Transfer(Work::Commands { form })));
    }
    let given = [(&transfer.serve_files, SERVE), (&transfer.receive_files, RECEIVE)];
    let Some(option) = given.into_iter().find_map(|(path, option)| path.as_ref().map(|_| option)) else {
        return Ok(None);
    };
    fits(option, &arguments.session, at.transport, lang)?;
    let open =
        |option: &str, path: Option<&Path>| path.map(|path| folder(option, path, transfer.overwrite, lang)).transpose();
    let serves = open(SERVE, transfer.serve_files.as_deref())?;
    let receives = open(RECEIVE, transfer.receive_files.as_deref())?;
    Ok(Some(Task::Transfer(Work::Serve { serves, receives })))
}

fn length_form(option: &str, text: &str, lang: Lang) -> Result<LengthForm, UsageError> {
    LengthForm::by_name(text).ok_or_else(|| {
        let names = help::either(LengthForm::NAMES.map(|(name, _)| name), lang);
        UsageError::value(option, text, lang.texts().should_be(&names))
    })
}

/// The form of the answers of a client's commands; `None`: it sends none.
///
/// # Errors
/// The form is unknown, or options exclude each other.
fn commands(arguments: &ConnectArguments, transport: Transport, lang: Lang) -> Result<Option<LengthForm>, UsageError> {
    let Some(form) = &arguments.transfer.commands else { return Ok(None) };
    fits(COMMANDS, &arguments.session, transport, lang)?;
    let other = [(arguments.transfer.put.is_some(), PUT), (!arguments.transfer.get.is_empty(), GET)];
    let other = other.into_iter().chain([(arguments.reconnect.is_some(), "--reconnect")]).find(|(given, _)| *given);
    match other {
        Some((_, other)) => Err(UsageError::exclusive(COMMANDS, other, lang)),
        None => length_form(COMMANDS, form, lang).map(Some),
    }
}

/// The transfers of a client; `None`: none.
///
/// # Errors
/// A folder, file or name cannot be used, or options exclude each other.
pub(super) fn of_client(
    arguments: &ConnectArguments,
    transport: Transport,
    lang: Lang,
) -> Result<Option<Task>, UsageError> {
    let transfer = &arguments.transfer;
    let texts = lang.texts();
    let commands = commands(arguments, transport, lang)?;
    let needs = [
        (transfer.plain_json && transfer.put.is_none(), "--plain-json", PUT),
        (transfer.overwrite && transfer.receive_files.is_none(), "--overwrite", RECEIVE),
        (transfer.receive_files.is_some() && transfer.get.is_empty(), RECEIVE, GET),
        (!transfer.get.is_empty() && transfer.receive_files.is_none(), GET, RECEIVE),
    ];
    if !transfer.get.is_empty() && transfer.put.is_some() {
        return Err(UsageError::exclusive(GET, PUT, lang));
    }
    if let Some((_, option, needed)) = needs.into_iter().find(|(is_missing, ..)| *is_missing) {
        return Err(UsageError::option(option, texts.needs_option(needed)));
    }
    let option = match (&transfer.put, transfer.get.is_empty()) {
        (Some(_), _) => PUT,
        (None, false) => GET,
        (None, true) => return Ok(commands.map(Task::Commands)),
    };
    fits(option, &arguments.session, transport, lang)?;
    if arguments.reconnect.is_some() {
        return Err(UsageError::exclusive(option, "--reconnect", lang));
    }
    if let Some(path) = &transfer.put {
        let form = if transfer.plain_json { UploadForm::PlainJson } else { UploadForm::WithMd5 };
        return upload(path, form, lang).map(|work| Some(Task::Transfer(work)));
    }
    let Some(path) = &transfer.receive_files else { return Ok(None) };
    let into = folder(RECEIVE, path, transfer.overwrite, lang)?;
    for name in &transfer.get {
        let last = name.rsplit('/').next().unwrap_or_default();
        into.check(last).map_err(|why| UsageError::value(GET, name, texts.name_problem(why)))?;
    }
    Ok(Some(Task::Transfer(Work::Get { names: transfer.get.clone(), into })))
}

fn upload(path: &Path, form: UploadForm, lang: Lang) -> Result<Work, UsageError> {
    let texts = lang.texts();
    let refused = |error: std::io::Error| {
        let error = NetError::from_io(Operation::ReadFile, path.display().to_string(), &error);
        UsageError::file(PUT, path, words::error_cause(&error, lang))
    };
    let metadata = path.metadata().map_err(refused)?;
    if metadata.is_dir() {
        return Err(UsageError::file(PUT, path, texts.folder_not_file()));
    }
    if !metadata.is_file() {
        return Err(UsageError::file(PUT, path, texts.name_problem(NameProblem::NotAFile)));
    }
    std::fs::File::open(path).map_err(refused)?;
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(UsageError::file(PUT, path, texts.name_problem(NameProblem::Character)));
    };
    let path = std::path::absolute(path).map_err(refused)?;
    Ok(Work::Put { path, name: name.to_owned(), form })
}
