//! What was copied.

use crate::words::{self, Lang};

/// After copying.
pub fn copied(rows: usize, complete: bool, lang: Lang) -> String {
    let count = words::grouped(rows as u64);
    match (lang, complete) {
        (Lang::ZhCn, true) => format!("已复制 {count} 行"),
        (Lang::ZhCn, false) => format!("已复制前 {count} 行；更多内容请用“保存日志”"),
        (Lang::En, true) if rows == 1 => "1 row copied".to_owned(),
        (Lang::En, true) => format!("{count} rows copied"),
        (Lang::En, false) if rows == 1 => "The first row was copied; use “Save log” for more".to_owned(),
        (Lang::En, false) => format!("The first {count} rows were copied; use “Save log” for more"),
    }
}

/// After copying a selection.
pub fn copied_bytes(bytes: u64, cut: bool, lang: Lang) -> String {
    let size = words::size(bytes);
    match (lang, cut) {
        (Lang::ZhCn, false) => format!("已复制 {size}"),
        (Lang::ZhCn, true) => format!("已复制前 {size}；更多内容请用“保存接收数据”"),
        (Lang::En, false) => format!("{size} copied"),
        (Lang::En, true) => format!("The first {size} were copied; use “Save received” for more"),
    }
}

/// Copying did not work.
pub fn copy_failed(records: u64, lang: Lang) -> String {
    let count = words::grouped(records);
    match lang {
        Lang::ZhCn => format!("无法复制：{count} 条记录已无法读取"),
        Lang::En if records == 1 => "Cannot copy: 1 record can no longer be read".to_owned(),
        Lang::En => format!("Cannot copy: {count} records can no longer be read"),
    }
}
