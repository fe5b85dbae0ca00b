//! What the settings file had to say.

use crate::words::{self, Lang};

/// What the settings file had to say.
pub fn load_note(note: &crate::settings::LoadNote, lang: Lang) -> (String, String) {
    use crate::settings::LoadNote;
    match note {
        LoadNote::Damaged { kept, .. } => (
            lang.pick("设置文件已损坏，已使用默认设置", "The settings file was damaged; defaults are used").to_owned(),
            match lang {
                Lang::ZhCn => format!("原文件保留为 {}", kept.display()),
                Lang::En => format!("The old file was kept as {}", kept.display()),
            },
        ),
        LoadNote::Future { kept, version } => (
            match lang {
                Lang::ZhCn => format!("设置文件来自更新的版本（{version}），已使用默认设置"),
                Lang::En => format!("The settings file is of a newer version ({version}); defaults are used"),
            },
            match lang {
                Lang::ZhCn => format!("原文件保留为 {}", kept.display()),
                Lang::En => format!("The old file was kept as {}", kept.display()),
            },
        ),
        LoadNote::Partly { values, kept } => partly_read(values, kept.as_deref(), lang),
        LoadNote::Unreadable(error) => words::error_parts(error, lang),
    }
}

/// Settings that were not known, and where the file with them is.
fn partly_read(values: &[String], kept: Option<&std::path::Path>, lang: Lang) -> (String, String) {
    const NAMED: usize = 3;
    let more = values.len().saturating_sub(NAMED);
    let named = values.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
    let (what, mut why) = match lang {
        Lang::ZhCn => (
            format!("有 {} 项设置此版本不认识，已改用默认值，其余不变", values.len()),
            named.join("；") + &if more > 0 { format!("；另有 {more} 项") } else { String::new() },
        ),
        Lang::En => (
            format!(
                "Settings unknown to this version: {}. They have their defaults; the rest is unchanged",
                values.len()
            ),
            named.join("; ") + &if more > 0 { format!("; and {more} more") } else { String::new() },
        ),
    };
    if let Some(kept) = kept {
        why += &match lang {
            Lang::ZhCn => format!("。原文件另存为 {}", kept.display()),
            Lang::En => format!(". The old file was copied to {}", kept.display()),
        };
    }
    (what, why)
}
