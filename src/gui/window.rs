//! The native window.

use crate::gui::app::{App, Boot, FirstFocus, InputMethod};
use crate::gui::dialogs;
use crate::settings::Startup;
use crate::words::Lang;
use crate::words::Text;
use std::process::ExitCode;
use std::sync::Arc;

/// Name of the desktop entry and the window class.
const APP_ID: &str = "wirebench";

/// Title of a message box before the window exists.
const TITLE: &str = "Wirebench";

/// The renderers, in the order in which they are tried.
#[cfg(windows)]
const RENDERERS: [eframe::Renderer; 2] = [eframe::Renderer::Wgpu, eframe::Renderer::Glow];
#[cfg(not(windows))]
const RENDERERS: [eframe::Renderer; 1] = [eframe::Renderer::Glow];

/// Minimum inner size in points.
const SMALLEST: [f32; 2] = [640.0, 480.0];

/// Opens the window and returns when it is closed. Without a display it reports one sentence and fails.
#[must_use]
pub fn run(startup: Startup) -> ExitCode {
    // Before threads are started: servers in the window get the same limit of clients as on the command line.
    crate::engine::raise_descriptor_limit();
    let boot = Boot::prepare(startup, dialogs::system());
    let lang = boot.lang();
    let (size, maximised) = match (boot.startup.size, boot.settings.preferences.window) {
        (Some((width, height)), _) => ([width as f32, height as f32], false),
        (None, Some((width, height, maximised))) => {
            ([width.clamp(SMALLEST[0], 16384.0), height.clamp(SMALLEST[1], 16384.0)], maximised)
        }
        (None, None) => ([1280.0, 800.0], false),
    };
    let mut viewport = egui::ViewportBuilder::default()
        .with_title(Text::WindowTitle.of(lang))
        .with_app_id(APP_ID)
        .with_inner_size(size)
        .with_min_inner_size(SMALLEST)
        .with_maximized(maximised)
        .with_drag_and_drop(true);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon-256.png")) {
        viewport = viewport.with_icon(Arc::new(icon));
    }
    let mut boot = Some(boot);
    let mut failures = Vec::new();
    for renderer in RENDERERS {
        let create: eframe::AppCreator<'_> = Box::new(|cc| match boot.take() {
            Some(boot) => {
                if InputMethod::is_needed() {
                    cc.egui_ctx.add_plugin(InputMethod::default());
                }
                cc.egui_ctx.add_plugin(FirstFocus::new());
                Ok(Box::new(App::new(cc, boot)))
            }
            None => Err("the window was opened before".into()),
        });
        match eframe::run_native(APP_ID, options(viewport.clone(), renderer), create) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => {
                tracing::warn!(%error, ?renderer, "no window");
                failures.push(error);
            }
        }
        // The window existed before: its sessions are gone, and another renderer cannot restore them.
        if boot.is_none() {
            break;
        }
    }
    refuse(&no_window(&failures, lang));
    ExitCode::FAILURE
}

fn options(viewport: egui::ViewportBuilder, renderer: eframe::Renderer) -> eframe::NativeOptions {
    eframe::NativeOptions {
        viewport,
        // Set explicitly: a test build has both renderers and would use the other one by default.
        renderer,
        #[cfg(windows)]
        wgpu_options: only_direct3d(),
        // There are no colour gradients, and without a graphics card the CPU would compute the dithering of each pixel.
        dithering: false,
        ..eframe::NativeOptions::default()
    }
}

/// Without this, `WGPU_BACKEND` in the environment could select a backend that this build lacks.
#[cfg(windows)]
fn only_direct3d() -> eframe::egui_wgpu::WgpuConfiguration {
    let mut options = eframe::egui_wgpu::WgpuConfiguration::default();
    if let eframe::egui_wgpu::WgpuSetup::CreateNew(setup) = &mut options.wgpu_setup {
        setup.instance_descriptor.backends = wgpu::Backends::DX12;
    }
    options
}

/// Shows a message to a user who may have started the program by a click: on standard error, and on Windows, where the window's
/// program has no console, also in a message box.
pub fn refuse(sentence: &str) {
    eprintln!("{sentence}");
    if cfg!(windows) {
        rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error).set_title(TITLE).set_description(sentence).show();
    }
}

/// One sentence: the window cannot be opened, why, and what to do.
fn no_window(failures: &[eframe::Error], lang: Lang) -> String {
    if cfg!(windows) { lang.texts().no_renderer().to_owned() } else { no_display(failures, lang) }
}

fn no_display(failures: &[eframe::Error], lang: Lang) -> String {
    let error = failures.first().map(ToString::to_string).unwrap_or_default();
    // The last part is the reason; the parts before it are source locations of libraries, which do not help a user.
    let reason = error.rsplit(": ").next().unwrap_or(&error).trim_end_matches('.');
    lang.texts().no_window(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_display_is_one_sentence_without_source_paths() {
        let error = eframe::Error::AppCreation("os error at /home/somebody/lib.rs:7: no display is set.".into());
        let words = no_display(std::slice::from_ref(&error), Lang::En);
        assert!(words.contains("(no display is set)") && words.contains("scripts/run --demo"), "{words}");
        assert!(!words.contains("lib.rs"), "{words}");
        assert!(!no_display(&[error], Lang::ZhCn).contains("no display"), "the reason is English");
    }
}
