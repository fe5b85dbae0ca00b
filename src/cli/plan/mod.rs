//! Resolves the arguments: strings become checked values before anything is opened.

mod captures;
mod cast;
mod find;
mod form;
mod forward;
mod keeping;
mod local;
mod pace;
mod reconnect;
mod run;
mod saving;
mod shown;
mod socket;
mod talk;
mod template;
mod tls;
mod traffic;
mod transfer;
mod websocket;
mod wrapping;

pub(super) use form::ExportForm;
pub(super) use talk::TalkSteps;
pub(super) use transfer::Task;

use shown::{encoding_of, framing, show, wrong_rule};

use super::args::{
    Arguments, CatalogueArguments, CommandArguments, CommonArguments, ConnectArguments, ListenArguments,
    SessionArguments, WebSocketArguments, WindowArguments,
};
use super::catalogues::Catalogue;
use super::cert::CertPlan;
use super::conditions::Conditions;
use super::files::{NamedFiles, Outputs};
use super::help;
use super::local::LocalTool;
use super::run::RunPlan;
use super::usage::UsageError;
use super::values;
use crate::capture::items::{ItemRule, Sieve};
use crate::capture::search::Scope;
use crate::capture::{PeerFilter, Retention};
use crate::codec::{Encoding, FramingRule, Pattern, SequenceField};
use crate::engine::{DATAGRAM_BYTES_MAX, Replies, SendPace, SendPlan};
use crate::model::{Direction, Endpoint, SessionConfig, TcpClientConfig, TcpServerConfig, Transport, UdpConfig};
use crate::settings::{Startup, Theme};
use crate::words::Lang;
use clap::ArgMatches;
use std::cell::RefCell;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

/// Default time limit for connecting and for conditions.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// Default time to wait for replies to datagrams.
const DEFAULT_ANSWER_WAIT: Duration = Duration::from_secs(1);

/// What to run.
pub(super) enum Plan {
    Window(Startup),
    Session(Box<SessionPlan>),
    Captures { common: Common, command: Box<CapturesPlan>, follow_files: bool },
    Run(Box<RunPlan>),
    Cert(Box<CertPlan>),
    Catalogue { catalogue: Catalogue, json: bool, lang: Lang },
    Local { tool: LocalTool, json: bool, lang: Lang },
}

/// Options of every command.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// Language of the messages of this run.
    pub lang: Lang,
    /// The value of `--lang`.
    pub named_lang: Option<Lang>,
    pub data_dir: Option<PathBuf>,
    pub capture_limit: Option<u64>,
    pub kept_file_bytes: Option<u64>,
    /// Retention time of old captures; `None` for the settings' value.
    pub keep_for: Option<Retention>,
}

/// Form of payload on standard output and in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Hex,
    Dump,
    None,
}

/// How traffic is printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Show {
    pub form: Form,
    pub encoding: Encoding,
    pub json: bool,
    /// The number in each received message by which losses are counted.
    pub sequence: Option<SequenceField>,
}

/// Which side opens the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Listen,
    Connect,
}

/// A step of the sends, in the order of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SendStep {
    /// A list of payloads and files, possibly repeated.
    List(SendPlan),
    /// Data that is read as it arrives, to its end.
    Stream(StreamSource),
}

/// A source whose length is unknown until it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StreamSource {
    Stdin,
    /// A pipe or device with this path.
    Path(PathBuf),
}

impl StreamSource {
    /// Whether the source is a file or pipe, whose end a peer that only listens waits for. At a terminal the user sees that the peer
    /// is done.
    fn ends_by_itself(&self) -> bool {
        match self {
            Self::Stdin => !std::io::stdin().is_terminal(),
            Self::Path(_) => true,
        }
    }
}

/// A checked `listen` or `connect`.
#[derive(Debug)]
pub(super) struct SessionPlan {
    pub common: Common,
    pub role: Role,
    pub transport: Transport,
    pub config: SessionConfig,
    pub show: Show,
    pub framing: Option<FramingRule>,
    /// Remarks about ambiguous input, one per line.
    pub remarks: Vec<String>,
    pub sends: Vec<SendStep>,
    /// UDP: bytes per datagram for files and streams, if they are to be split.
    pub datagram_size: Option<u32>,
    pub replies: Replies,
    /// The steps of a talk file.
    pub talk: Option<TalkSteps>,
    pub run_for: Option<Duration>,
    pub conditions: Conditions,
    pub timeout: Duration,
    /// Time limit for the connection to be established.
    pub time_to_open: Duration,
    /// How long a UDP `connect` that ends after its sends waits for replies to them.
    pub answer_wait: Duration,
    /// Shut down the write side (UDP: end) when everything is sent.
    pub ends_after_sends: bool,
    pub no_shutdown: bool,
    /// Show the facts of each connection.
    pub facts: bool,
    /// A TCP client that connects again: each of its connections gets the first list.
    pub reconnects: bool,
    /// Keep a peer that has half-closed although everything is sent. (Until then it is kept if a file or pipe remains to be sent to
    /// it.)
    pub stays_half_open: bool,
    pub outputs: Outputs,
    pub task: Option<Task>,
    /// How files and streams are sent.
    pub pace: Option<SendPace>,
}

impl SessionPlan {
    /// Whether the first list goes to each connection as soon as there is one.
    pub fn sends_to_each(&self) -> bool {
        (self.role == Role::Listen || self.reconnects) && matches!(self.sends.first(), Some(SendStep::List(_)))
    }

    /// Whether the first list is sent with the connection, so that a server that half-closes immediately gets it too.
    pub fn sends_with_connection(&self) -> bool {
        let tcp_client = self.role == Role::Connect && self.transport == Transport::Tcp && !self.reconnects;
        tcp_client && matches!(self.sends.first(), Some(SendStep::List(_)))
    }
}

/// A checked `captures …`.
#[derive(Debug)]
pub(super) enum CapturesPlan {
    List { json: bool },
    Show(ShowPlan),
    Export(ExportPlan),
    Search { id: String, pattern: Pattern, scope: Scope, within: Option<ItemRule>, json: bool, count: bool },
    Import { path: PathBuf },
    Delete { ids: Vec<String> },
}

/// A checked `captures show`.
#[derive(Debug)]
pub(super) struct ShowPlan {
    pub id: String,
    pub show: Show,
    pub framing: Option<FramingRule>,
    pub filter: Option<Sieve>,
    pub peer: Option<PeerFilter>,
    /// `None` for both.
    pub direction: Option<Direction>,
    pub from: u64,
    /// Maximum count of data records, or frames.
    pub count: u64,
}

/// A checked `captures export`.
#[derive(Debug)]
pub(super) struct ExportPlan {
    pub id: String,
    pub out: Option<PathBuf>,
    pub form: ExportForm,
    /// Frames or filtered records instead of all records.
    pub items: Option<ItemRule>,
    pub encoding: Encoding,
    pub peer: Option<PeerFilter>,
    /// `None` for both.
    pub direction: Option<Direction>,
    pub from: u64,
    /// Maximum count of data records, or frames.
    pub count: u64,
}

/// Checks everything that can be checked without opening a socket.
///
/// # Errors
/// The first error found.
pub(super) fn resolve(arguments: Arguments, matches: &ArgMatches, lang: Lang) -> Result<Plan, UsageError> {
    let common = common(arguments.common, lang)?;
    let Some(command) = arguments.command else { return Ok(Plan::Window(window(&arguments.window, common)?)) };
    if let Some(option) = arguments.window.first_given() {
        return Err(UsageError::option(option, lang.texts().option_of_window()));
    }
    let given = matches.subcommand().map(|(_, given)| given);
    match command {
        CommandArguments::Gui(arguments) => Ok(Plan::Window(window(&arguments, common)?)),
        CommandArguments::Listen(arguments) => Ok(Plan::Session(Box::new(listen(&arguments, given, common)?))),
        CommandArguments::Connect(arguments) => Ok(Plan::Session(Box::new(connect(&arguments, given, common)?))),
        CommandArguments::Forward(arguments) => Ok(Plan::Session(Box::new(forward::forward(&arguments, common)?))),
        CommandArguments::Captures { follow_files, command } => {
            let command = Box::new(captures::resolve(command, follow_files, lang)?);
            Ok(Plan::Captures { common, command, follow_files })
        }
        CommandArguments::Run(arguments) => Ok(Plan::Run(Box::new(run::resolve(arguments, common)?))),
        CommandArguments::Cert(arguments) => Ok(Plan::Cert(Box::new(tls::certificates(arguments, lang)?))),
        CommandArguments::Ports(CatalogueArguments { json }) => Ok(Plan::Local { tool: LocalTool::Ports, json, lang }),
        CommandArguments::Ping(arguments) => {
            let (tool, json) = (local::ping(&arguments, lang)?, arguments.json);
            Ok(Plan::Local { tool, json, lang })
        }
        CommandArguments::Lookup(arguments) => {
            let (tool, json) = (local::look_up(&arguments, lang)?, arguments.json);
            Ok(Plan::Local { tool, json, lang })
        }
        CommandArguments::Encodings(CatalogueArguments { json }) => {
            Ok(Plan::Catalogue { catalogue: Catalogue::Encodings, json, lang })
        }
        CommandArguments::Checks(CatalogueArguments { json }) => {
            Ok(Plan::Catalogue { catalogue: Catalogue::Checks, json, lang })
        }
        CommandArguments::Rules(CatalogueArguments { json }) => {
            Ok(Plan::Catalogue { catalogue: Catalogue::Rules, json, lang })
        }
    }
}

/// The language of messages: `--lang`, otherwise the system's. Determined before anything else is parsed, so that parse errors are
/// in it too; an unknown name is reported later.
pub(super) fn language(arguments: &[std::ffi::OsString]) -> Lang {
    let mut arguments = arguments.iter().skip(1).map(|argument| argument.to_string_lossy());
    let mut named = None;
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        } else if argument == "--lang" {
            named = arguments.next().and_then(|name| Lang::by_name(&name));
        } else if let Some(name) = argument.strip_prefix("--lang=") {
            named = Lang::by_name(name);
        }
    }
    named.unwrap_or_else(Lang::of_system)
}

fn common(arguments: CommonArguments, lang: Lang) -> Result<Common, UsageError> {
    let named_lang = arguments
        .lang
        .map(|name| {
            let reason = lang.texts().should_be(&help::either(Lang::ALL.map(Lang::name), lang));
            Lang::by_name(&name).ok_or_else(|| UsageError::value("--lang", &name, reason))
        })
        .transpose()?;
    let capture_limit = arguments.capture_limit.map(|text| keeping::capture_limit(&text, lang)).transpose()?;
    let kept_file_bytes = arguments.keep_files.map(|text| keeping::kept_file_bytes(&text, lang)).transpose()?;
    let keep_for = arguments.keep_for.map(|text| keeping::keep_for(&text, lang)).transpose()?;
    Ok(Common { lang, named_lang, data_dir: arguments.data_dir, capture_limit, kept_file_bytes, keep_for })
}

fn window(arguments: &WindowArguments, common: Common) -> Result<Startup, UsageError> {
    let lang = common.lang;
    let all = |option: &str, texts: &[String], role: Role| {
        let one = |text: &String| websocket::refuse(option, text, endpoint(option, text, role, lang)?, lang);
        texts.iter().map(one).collect::<Result<Vec<_>, _>>()
    };
    let theme = match arguments.theme.as_deref() {
        None => None,
        Some("light") => Some(Theme::Light),
        Some("dark") => Some(Theme::Dark),
        Some(other) => {
            return Err(UsageError::value(
                "--theme",
                other,
                lang.texts().should_be(&help::either(["light", "dark"], lang)),
            ));
        }
    };
    let size = arguments
        .size
        .as_deref()
        .map(|text| values::window_size(text, lang).map_err(|reason| UsageError::value("--size", text, reason)))
        .transpose()?;
    Ok(Startup {
        data_dir: common.data_dir,
        lang: common.named_lang,
        listen: all("--listen", &arguments.listen, Role::Listen)?,
        connect: all("--connect", &arguments.connect, Role::Connect)?,
        demo: arguments.demo,
        size,
        theme,
        capture_limit: common.capture_limit,
        kept_file_bytes: common.kept_file_bytes,
        keep_for: common.keep_for,
    })
}

fn endpoint(option: &str, text: &str, role: Role, lang: Lang) -> Result<Endpoint, UsageError> {
    let endpoint: Endpoint =
        text.parse().map_err(|error| UsageError::value(option, text, values::endpoint_reason(&error, lang)))?;
    if role == Role::Connect && endpoint.at.port == 0 && endpoint.at.unix_path().is_none() {
        return Err(UsageError::value(option, text, lang.texts().port_0_to_connect()));
    }
    Ok(endpoint)
}

fn listen(arguments: &ListenArguments, given: Option<&ArgMatches>, common: Common) -> Result<SessionPlan, UsageError> {
    let endpoint = endpoint("ENDPOINT", &arguments.endpoint, Role::Listen, common.lang)?;
    let task = transfer::of_server(arguments, &endpoint, common.lang)?;
    let tls = tls::of_server(&arguments.tls, endpoint.layers.tls, common.lang)?;
    let websocket = websocket::of(&arguments.websocket, &endpoint, common.lang)?;
    let Endpoint { transport, at, .. } = endpoint;
    let config = match transport {
        Transport::Tcp => {
            let keep_half_open = arguments.session.keep_half_open;
            SessionConfig::TcpServer(TcpServerConfig { keep_half_open, tls, websocket, ..TcpServerConfig::new(at) })
        }
        Transport::Udp => SessionConfig::Udp(UdpConfig::new(Some(at), None)),
    };
    session((&arguments.session, &arguments.websocket), given, common, (Role::Listen, task), config)
}

fn connect(
    arguments: &ConnectArguments,
    given: Option<&ArgMatches>,
    common: Common,
) -> Result<SessionPlan, UsageError> {
    let lang = common.lang;
    let endpoint = endpoint("ENDPOINT", &arguments.endpoint, Role::Connect, lang)?;
    let websocket = websocket::of(&arguments.websocket, &endpoint, lang)?;
    let Endpoint { transport, layers, at, .. } = endpoint;
    let tls = tls::of_client(&arguments.tls, layers.tls, lang)?;
    let bind = arguments
        .bind
        .as_deref()
        .map(|text| values::local_address(text, lang).map_err(|reason| UsageError::value("--bind", text, reason)))
        .transpose()?;
    let reconnect = reconnect::policy(arguments, transport, lang)?;
    // The time limit of the run is not that of each attempt.
    let connect_timeout = time_to_open(&arguments.session, lang)?;
    let own = optional_duration("--connect-timeout", arguments.connect_timeout.as_deref(), lang)?;
    if own.is_some() && transport == Transport::Udp {
        return Err(UsageError::option("--connect-timeout", lang.texts().not_for_udp()));
    }
    let connect_timeout = if let Some(own) = own {
        own
    } else if reconnect.is_some() {
        connect_timeout.min(DEFAULT_TIMEOUT)
    } else {
        connect_timeout
    };
    let config = match transport {
        Transport::Tcp => SessionConfig::TcpClient(TcpClientConfig {
            bind,
            connect_timeout,
            keep_half_open: arguments.session.keep_half_open,
            reconnect,
            tls,
            websocket,
            ..TcpClientConfig::new(at)
        }),
        Transport::Udp => SessionConfig::Udp(UdpConfig::new(bind, Some(at))),
    };
    let task = transfer::of_client(arguments, transport, lang)?;
    session((&arguments.session, &arguments.websocket), given, common, (Role::Connect, task), config)
}

fn timeout(arguments: &SessionArguments, lang: Lang) -> Result<Duration, UsageError> {
    Ok(optional_duration("--timeout", arguments.timeout.as_deref(), lang)?.unwrap_or(DEFAULT_TIMEOUT))
}

/// Time limit for the connection to be established.
fn time_to_open(arguments: &SessionArguments, lang: Lang) -> Result<Duration, UsageError> {
    let run_for = optional_duration("--for", arguments.run_for.as_deref(), lang)?;
    let timeout = timeout(arguments, lang)?;
    Ok(run_for.map_or(timeout, |run_for| run_for.min(timeout)))
}

fn session(
    (arguments, websocket): (&SessionArguments, &WebSocketArguments),
    given: Option<&ArgMatches>,
    common: Common,
    (role, task): (Role, Option<Task>),
    mut config: SessionConfig,
) -> Result<SessionPlan, UsageError> {
    let lang = common.lang;
    *config.options_mut() = socket::options(arguments, config.protocol(), lang)?;
    cast::apply(&arguments.cast, &mut config, lang)?;
    let transport = config.endpoint().transport;
    let mut show = show(&arguments.show, lang)?;
    if task.is_some() && arguments.show.show.is_none() {
        show.form = Form::None;
    }
    let text = traffic::Texts {
        escape: arguments.escape,
        template: arguments.template,
        encoding: show.encoding,
        wrapping: wrapping::Wrapping::of(arguments, show.encoding, lang)?,
        lang,
        remarks: RefCell::default(),
    };
    let datagram_size = traffic::datagram_size(arguments, transport, lang)?;
    let pace = pace::pace(arguments, transport, lang)?;
    let mut sends = traffic::sends((arguments, websocket), given, (datagram_size, pace), &text)?;
    if config.endpoint().layers.websocket {
        websocket::check(task.is_some(), lang)?;
        websocket::shape(&mut sends, websocket, lang)?;
    }
    let has_stream = sends.iter().any(|step| matches!(step, SendStep::Stream(source) if source.ends_by_itself()));
    let transfers = matches!(task, Some(Task::Transfer(_)));
    if has_stream || transfers {
        match &mut config {
            SessionConfig::TcpClient(client) => client.keep_half_open = true,
            SessionConfig::TcpServer(server) => server.keep_half_open = true,
            SessionConfig::Udp(_) => {}
        }
    }
    let run_for = optional_duration("--for", arguments.run_for.as_deref(), lang)?;
    let framing = framing(&arguments.frames, show.encoding, lang)?;
    if show.sequence.is_some() && framing.is_none() && transport == Transport::Tcp {
        return Err(UsageError::option("--sequence", lang.texts().sequence_needs_frames()));
    }
    let replies = traffic::replies(arguments, framing.as_ref(), &text)?;
    let (talk, replies) = match talk::talk(arguments, replies, framing.as_ref(), transport, &show, lang)? {
        // The run gives the rules of its file to the session.
        talk::Talk::Steps(steps) => (Some(steps), Replies::default()),
        talk::Talk::Replies(replies) => (None, replies),
    };
    let conditions = traffic::conditions(arguments, transport, framing.as_ref(), &text)?;
    let answers = !replies.rules.is_empty() || replies.talk.is_some() || talk.is_some();
    let reconnects = matches!(&config, SessionConfig::TcpClient(client) if client.reconnect.is_some());
    let keeps_running = reconnects || !conditions.is_empty() || run_for.is_some() || answers || arguments.no_shutdown;
    let timeout = timeout(arguments, lang)?;
    if role == Role::Listen && arguments.timeout.is_some() && conditions.is_empty() {
        let reason = lang.texts().timeout_without_condition();
        return Err(UsageError::option("--timeout", reason));
    }
    let save = saving::saving(arguments, lang)?;
    if arguments.template && arguments.send.is_empty() && arguments.send_hex.is_empty() {
        return Err(UsageError::option("--template", lang.texts().nothing_to_replace()));
    }
    // Last, when nothing else can fail, because this truncates the old file.
    let named = NamedFiles {
        send: &arguments.send_file,
        send_most: (transport == Transport::Udp && datagram_size.is_none()).then_some(DATAGRAM_BYTES_MAX.into()),
        stdin: arguments.stdin,
        save: save.as_ref(),
        log: arguments.log.as_deref(),
        data_dir: common.data_dir.as_deref(),
    };
    let outputs = Outputs::open(&named, lang)?;
    Ok(SessionPlan {
        remarks: text.remarks.into_inner(),
        timeout,
        time_to_open: time_to_open(arguments, lang)?,
        answer_wait: if arguments.timeout.is_some() { timeout } else { DEFAULT_ANSWER_WAIT },
        outputs,
        ends_after_sends: role == Role::Connect && !sends.is_empty() && !keeps_running,
        no_shutdown: arguments.no_shutdown,
        facts: arguments.facts,
        reconnects,
        // The two sides of a forward end each other.
        stays_half_open: arguments.keep_half_open || transfers || forward::is_forward(&config),
        task,
        pace,
        common,
        role,
        transport,
        config,
        show,
        framing,
        sends,
        datagram_size,
        replies,
        talk,
        run_for,
        conditions,
    })
}

fn optional_duration(option: &str, text: Option<&str>, lang: Lang) -> Result<Option<Duration>, UsageError> {
    text.map(|text| values::duration(text, lang).map_err(|reason| UsageError::value(option, text, reason))).transpose()
}

fn optional_number(option: &str, text: Option<&str>, least: u64, lang: Lang) -> Result<Option<u64>, UsageError> {
    text.map(|text| values::number(text, least, lang).map_err(|reason| UsageError::value(option, text, reason)))
        .transpose()
}

#[cfg(test)]
mod tests;
