//! Highlight rules.

use crate::words::Lang;

/// Why no highlight rule was made of a selection without bytes.
pub fn nothing_to_highlight(lang: Lang) -> &'static str {
    lang.pick("所选内容里没有数据", "There is no data in the selection")
}

/// Why no highlight rule was made of a long selection.
pub fn too_long_to_highlight(most: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("选中的字节太多，一条高亮规则最多 {most} 字节"),
        Lang::En => format!("Too much is selected: a highlight rule takes {most} bytes at most"),
    }
}

/// Why no highlight rule was added.
pub fn too_many_highlights(most: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("最多 {most} 条高亮规则，请先删除不用的"),
        Lang::En => format!("{most} highlight rules at most: delete one first"),
    }
}

/// Why what was typed was not taken.
pub fn pattern_too_long(most: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("太长，一条规则最多 {most} 字节"),
        Lang::En => format!("Too long: a rule takes {most} bytes at most"),
    }
}

/// Which rules match in the example.
pub fn rules_that_match(titles: &[String], lang: Lang) -> String {
    match lang {
        Lang::ZhCn if titles.is_empty() => "示例中没有规则命中".to_owned(),
        Lang::En if titles.is_empty() => "No rule matches the example".to_owned(),
        Lang::ZhCn => format!("命中：{}", titles.join("、")),
        Lang::En => format!("Matched by: {}", titles.join(", ")),
    }
}

/// What the button that deletes a highlight rule is called.
pub fn delete_rule(number: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("删除规则 {number}"),
        Lang::En => format!("Delete rule {number}"),
    }
}

/// What a control of a highlight rule is called: the rule's number from 1, and what the control sets.
pub fn of_rule(control: &str, number: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("规则 {number} 的{control}"),
        Lang::En => format!("{control} of rule {number}"),
    }
}
