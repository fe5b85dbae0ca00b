//! `wirebench cert`: a certificate with its private key, for tests.

use super::out::{StandardOut, say};
use crate::codec::tls::{certificate, fingerprint};
use crate::engine::certificates::{self, Made, Use};
use crate::model::{NetError, Operation, TlsFault};
use crate::words::{self, Lang};
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A checked `cert`.
#[derive(Debug)]
pub(super) struct CertPlan {
    pub names: Vec<String>,
    pub folder: PathBuf,
    /// By an authority, which is made unless the folder has one.
    pub with_authority: bool,
    pub used: Use,
    pub days: u32,
    pub json: bool,
    pub lang: Lang,
}

/// The line of `--json`.
#[derive(Serialize)]
struct Written {
    event: &'static str,
    certificate: String,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    names: Vec<String>,
    sha256: String,
}

/// Makes the files.
pub(super) fn run(plan: &CertPlan) -> ExitCode {
    match make(plan) {
        Ok(written) => {
            let mut out = StandardOut::default();
            if plan.json {
                out.line(&serde_json::to_string(&written).unwrap_or_default());
            } else {
                let texts = plan.lang.texts();
                let paths = written.authority.iter().chain([&written.certificate, &written.key]);
                paths.for_each(|path| out.line(&texts.file_written(path)));
                out.line(&format!("SHA-256 {}", words::fingerprint(&written.sha256)));
            }
            out.flush();
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            say(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn make(plan: &CertPlan) -> Result<Written, String> {
    let names = if plan.names.is_empty() { certificates::names_of_this_machine("0.0.0.0") } else { plan.names.clone() };
    let of_fault = |path: &Path, detail: String| {
        let error = NetError::tls(Operation::SaveFile, path.display().to_string(), TlsFault::UnusableFile { detail });
        words::error_sentence(&error, plan.lang)
    };
    let failed = |path: &Path, error: &std::io::Error| {
        let error = NetError::from_io(Operation::SaveFile, path.display().to_string(), error);
        words::error_sentence(&error, plan.lang)
    };
    std::fs::create_dir_all(&plan.folder).map_err(|error| failed(&plan.folder, &error))?;
    let stem = stem(names.first().map_or("certificate", String::as_str));
    let certificate_path = plan.folder.join(format!("{stem}.pem"));
    let key_path = plan.folder.join(format!("{stem}-key.pem"));
    if let Some(path) = [&certificate_path, &key_path].into_iter().find(|path| path.exists()) {
        return Err(plan.lang.texts().file_exists(&path.display().to_string()));
    }
    let (authority_path, authority_key) = (plan.folder.join("ca.pem"), plan.folder.join("ca-key.pem"));
    let write =
        |path: &Path, text: &str, is_secret: bool| create(path, text, is_secret).map_err(|error| failed(path, &error));
    let made = if !plan.with_authority {
        certificates::self_signed_for(&names, plan.days, plan.used)
            .map_err(|detail| of_fault(&certificate_path, detail))?
    } else if authority_path.exists() {
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| failed(path, &error));
        let (authority, key) = (read(&authority_path)?, read(&authority_key)?);
        certificates::issue_by(&authority, &key, &names, plan.days, plan.used)
            .map_err(|detail| of_fault(&authority_path, detail))?
    } else {
        let all =
            certificates::issued(&names, plan.days, plan.used).map_err(|detail| of_fault(&certificate_path, detail))?;
        write(&authority_path, &all.authority.certificate, false)?;
        write(&authority_key, &all.authority.key, true)?;
        all.certificate
    };
    let Made { certificate: text, key, der, .. } = made;
    write(&certificate_path, &text, false)?;
    write(&key_path, &key, true)?;
    Ok(Written {
        event: "certificate",
        certificate: certificate_path.display().to_string(),
        key: key_path.display().to_string(),
        authority: plan.with_authority.then(|| authority_path.display().to_string()),
        names: certificate(&der).names,
        sha256: fingerprint(&der),
    })
}

/// Writes a new file; a private key can be read by its owner only.
fn create(path: &Path, text: &str, is_secret: bool) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_secret { 0o600 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = is_secret;
    options.open(path)?.write_all(text.as_bytes())
}

/// The name of a file for a name in a certificate.
fn stem(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' };
    let stem: String = name.chars().take(100).map(plain).collect();
    let stem = stem.trim_start_matches('.').to_owned();
    if stem.is_empty() || stem == "ca" || stem == "ca-key" { format!("{stem}_certificate") } else { stem }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_name_becomes_the_name_of_a_file() {
        for (name, file) in [
            ("device.local", "device.local"),
            ("*.example.com", "_.example.com"),
            ("::1", "__1"),
            ("../x", "_x"),
            ("ca", "ca_certificate"),
        ] {
            assert_eq!(stem(name), file);
        }
    }
}
