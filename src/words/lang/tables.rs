//! The macros of the tables: one line for each text.

/// The labels of a language, one on each line: `Listen: "Listen";`.
macro_rules! labels {
    ($table:ident; $($name:ident: $words:literal;)*) => {
        impl $crate::words::texts::Labels for $table {
            fn label(&self, text: $crate::words::texts::Text) -> &'static str {
                match text { $($crate::words::texts::Text::$name => $words),* }
            }
        }
    };
}

/// The texts of one topic (a trait of `words::texts`), one on each line:
///
/// - `ready: "Ready";` for a fixed text,
/// - `gone(number: u32) => "#{number} is gone";` for a text with values, as in `format!`,
/// - `count(count: u64) => "{} records", grouped(count);` for a value that needs an expression,
/// - `reason(reason: CloseReason) -> &'static str { match reason { … } }` for a text that depends on a value.
macro_rules! texts {
    ($topic:ident for $table:ident; $(
        $name:ident $(($($arg:ident: $type:ty),*))?
        $(: $fixed:literal;)? $(-> $result:ty $body:block)? $(=> $form:literal $(, $value:expr)*;)?
    )*) => {
        impl $crate::words::texts::$topic for $table {
            $(texts! {
                @text $name ($($($arg: $type),*)?) [$($fixed)?] [$($form $(, $value)*)?] [$($result, $body)?]
            })*
        }
    };
    (@text $name:ident () [$fixed:literal] [] []) => {
        fn $name(&self) -> &'static str {
            $fixed
        }
    };
    (@text $name:ident ($($arg:ident: $type:ty),*) [] [$form:literal $(, $value:expr)*] []) => {
        fn $name(&self, $($arg: $type),*) -> String {
            format!($form $(, $value)*)
        }
    };
    (@text $name:ident ($($arg:ident: $type:ty),*) [] [] [$result:ty, $body:block]) => {
        fn $name(&self, $($arg: $type),*) -> $result $body
    };
}
