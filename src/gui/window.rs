//! The native window.

use super::app::{App, Boot};
use super::dialogs;
use crate::settings::Startup;
use crate::words::Lang;
use crate::words::Text;
use std::process::ExitCode;
use std::sync::Arc;

/// Name of the desktop entry and the window class.
const APP_ID: &str = "wirebench";

/// Smallest inner size in points.
const SMALLEST: [f32; 2] = [640.0, 480.0];

/// Opens the window and returns when it is closed. Without a display it says so in one sentence and fails.
#[must_use]
pub fn run(startup: Startup) -> ExitCode {
    // Before there are threads: a server in the window may have as many clients as on the command line.
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
    let options = eframe::NativeOptions {
        viewport,
        // Set and not left to the default: a test build has both renderers and would take the other one.
        renderer: eframe::Renderer::Glow,
        // Nothing here is a colour gradient, and without a graphics card each pixel of it is the processor's work.
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    match eframe::run_native(APP_ID, options, Box::new(move |cc| Ok(Box::new(App::new(cc, boot))))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", no_window(&error, lang));
            ExitCode::FAILURE
        }
    }
}

/// One sentence: there is no window, why, and what to do.
fn no_window(error: &eframe::Error, lang: Lang) -> String {
    // The last part is the reason; before it stand places in the source of libraries, which tell a user nothing.
    let error = error.to_string();
    let reason = error.rsplit(": ").next().unwrap_or(&error).trim_end_matches('.');
    lang.texts().no_window(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_display_is_one_sentence_without_source_paths() {
        let error = eframe::Error::AppCreation("os error at /home/somebody/lib.rs:7: no display is set.".into());
        let words = no_window(&error, Lang::En);
        assert!(words.contains("(no display is set)") && words.contains("scripts/run --demo"), "{words}");
        assert!(!words.contains("lib.rs"), "{words}");
        assert!(!no_window(&error, Lang::ZhCn).contains("no display"), "the reason is English");
    }
}
