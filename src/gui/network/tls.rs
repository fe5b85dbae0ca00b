//! TLS of a client or server: the options, and the strip that shows a certificate that was accepted without a check.

use crate::gui::action::{Action, SessionAction};
use crate::gui::context::Panels;
use crate::gui::network::form::Field as At;
use crate::gui::session::Session;
use crate::gui::widgets::{Banner, BannerAnswer, BannerKind, Checkbox, Combo, Field, form_row as row};
use crate::model::Protocol;
use crate::settings::{TlsSetup, TrustChoice};
use crate::words;
use crate::words::Text;
use egui::Ui;

/// The fields that can be wrong.
const FIELDS: [At; 4] = [At::TlsAuthority, At::TlsFingerprint, At::TlsCertificates, At::Alpn];

/// Whether a field is wrong, so that it must be visible.
pub fn is_wrong(session: &Session) -> bool {
    FIELDS.iter().any(|at| session.errors.get(*at).is_some())
}

/// Draws the options.
pub fn options(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let texts = panels.lang.texts();
    let before = session.setup.tls.clone();
    ui.add(Checkbox::new(&mut session.setup.tls.is_on, texts.tls_encryption()));
    if session.setup.tls.is_on {
        if session.setup.protocol == Protocol::TcpClient {
            of_client(ui, panels, session);
        } else {
            of_server(ui, panels, session);
        }
        field(ui, panels, session, None, |tls| &mut tls.key_log, texts.tls_key_log(), panels.text(Text::Optional));
    }
    if session.setup.tls != before {
        FIELDS.iter().for_each(|at| session.errors.clear(*at));
    }
}

fn of_client(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let texts = panels.lang.texts();
    let optional = panels.text(Text::Optional);
    let (label, name) = texts.tls_trust();
    let [system, authority, any, fingerprint] = texts.tls_trusts();
    let items = [
        (TrustChoice::System, system),
        (TrustChoice::Authority, authority),
        (TrustChoice::Any, any),
        (TrustChoice::Fingerprint, fingerprint),
    ];
    row(ui, label, |ui, width| {
        Combo::new(name).width(width).show(ui, &mut session.setup.tls.trust, &items);
    });
    match session.setup.tls.trust {
        TrustChoice::Authority => {
            let at = Some(At::TlsAuthority);
            field(ui, panels, session, at, |tls| &mut tls.authority, texts.tls_authority_file(), "ca.pem");
        }
        TrustChoice::Fingerprint => {
            let at = Some(At::TlsFingerprint);
            field(ui, panels, session, at, |tls| &mut tls.fingerprint, texts.tls_fingerprint(), "SHA-256");
        }
        TrustChoice::System | TrustChoice::Any => {}
    }
    let as_remote = texts.tls_as_remote();
    field(ui, panels, session, None, |tls| &mut tls.server_name, texts.tls_sni(), as_remote);
    field(ui, panels, session, Some(At::Alpn), |tls| &mut tls.alpn, ("ALPN", "ALPN"), optional);
    let own = texts.tls_own_certificate();
    field(ui, panels, session, Some(At::TlsCertificates), |tls| &mut tls.certificates, own, optional);
    if !session.setup.tls.certificates.trim().is_empty() {
        field(ui, panels, session, None, |tls| &mut tls.key, texts.tls_key(), texts.tls_key_beside());
    }
}

fn of_server(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let texts = panels.lang.texts();
    let optional = panels.text(Text::Optional);
    let (label, name) = texts.tls_server_certificate();
    let [made, files] = texts.tls_server_certificates();
    row(ui, label, |ui, width| {
        Combo::new(name).width(width).show(ui, &mut session.setup.tls.uses_files, &[(false, made), (true, files)]);
    });
    if session.setup.tls.uses_files {
        let own = texts.tls_own_certificate();
        field(ui, panels, session, Some(At::TlsCertificates), |tls| &mut tls.certificates, own, "cert.pem");
        field(ui, panels, session, None, |tls| &mut tls.key, texts.tls_key(), texts.tls_key_beside());
    }
    field(ui, panels, session, Some(At::Alpn), |tls| &mut tls.alpn, ("ALPN", "ALPN"), optional);
    field(ui, panels, session, None, |tls| &mut tls.client_authority, texts.tls_client_authority(), optional);
}

fn field(
    ui: &mut Ui,
    panels: &Panels<'_>,
    session: &mut Session,
    at: Option<At>,
    text: impl Fn(&mut TlsSetup) -> &mut String,
    (label, name): (&'static str, &'static str),
    hint: &str,
) {
    let error = at.and_then(|at| session.errors.get(at)).map(|error| error.words(panels.lang));
    let text = text(&mut session.setup.tls);
    row(ui, label, |ui, width| {
        Field::new(text, name).hint(hint).width(width).error(error.as_deref()).show(ui);
    });
}

/// Trusts the certificate that was accepted without a check, and no other.
pub fn trust(session: &mut Session) {
    if let Some(sha256) = session.unchecked_certificate.take() {
        session.setup.tls.trust = TrustChoice::Fingerprint;
        session.setup.tls.fingerprint = words::fingerprint(&sha256);
    }
}

/// The strip about a certificate that was accepted without a check, which `show` draws.
pub fn strip(
    panels: &mut Panels<'_>,
    session: &Session,
    sha256: &str,
    show: impl FnOnce(Banner<'_>) -> Option<BannerAnswer>,
) {
    let texts = panels.lang.texts();
    let banner = Banner {
        kind: BannerKind::Warning,
        title: texts.tls_unchecked(),
        cause: &format!("SHA-256 {}", words::fingerprint(sha256)),
        actions: &[texts.tls_trust_this()],
        close_name: panels.text(Text::Dismiss),
    };
    let action = match show(banner) {
        Some(BannerAnswer::Closed) => SessionAction::DismissCertificate(session.id),
        Some(BannerAnswer::Action(_)) => SessionAction::TrustCertificate(session.id),
        None => return,
    };
    panels.actions.push(Action::Session(action));
}
