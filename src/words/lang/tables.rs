//! How a table is written: one line a text.

/// The labels of a language, one a line: `Listen: "Listen";`.
macro_rules! labels {
    ($table:ident; $($name:ident: $words:literal;)*) => {
        impl $crate::words::texts::Labels for $table {
            fn label(&self, text: $crate::words::texts::Text) -> &'static str {
                match text { $($crate::words::texts::Text::$name => $words),* }
            }
        }
    };
}

/// What a language says on one topic (a trait of `words::texts`), one text a line:
///
/// - `ready: "Ready";` has no values in it,
/// - `gone(number: u32) => "#{number} is gone";` has, as `format!` takes them,
/// - `count(count: u64) => "{} records", grouped(count);` with an expression,
/// - `reason(reason: CloseReason) -> &'static str { match reason { … } }` where the words depend on the value.
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
