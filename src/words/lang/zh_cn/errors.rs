//! Failures: what failed, where, why, in Chinese.

use super::ZhCn;
use super::known;
use crate::model::Operation;
use crate::words::{Cause, harmless};

texts! { Errors for ZhCn;

    // What failed
    cannot(operation: Operation) -> &'static str {
        match operation {
            Operation::Resolve => "无法解析主机名",
            Operation::Listen => "无法监听",
            Operation::SetOption => "无法设置套接字选项",
            Operation::Bind => "无法绑定本地地址",
            Operation::Join => "无法加入组播组",
            Operation::Connect => "无法连接",
            Operation::Accept => "无法接受新连接",
            Operation::Receive => "无法接收",
            Operation::Send => "无法发送",
            Operation::Reply => "自动应答",
            Operation::ReadFile => "无法读取文件",
            Operation::Store => "无法写入捕获记录",
            Operation::OpenCapture => "无法打开捕获记录",
            Operation::DeleteCapture => "无法删除捕获记录",
            Operation::SaveFile => "无法写入文件",
        }
    }
    cannot_at(operation: Operation, place: &str) -> String {
        match operation {
            Operation::Resolve => format!("无法解析 {place}"),
            Operation::Listen => format!("无法监听 {place}"),
            Operation::SetOption => format!("无法设置选项，{place}"),
            Operation::Bind => format!("无法绑定 {place}"),
            Operation::Join => format!("无法加入组播组 {place}"),
            Operation::Connect => format!("无法连接 {place}"),
            Operation::Accept => format!("无法在 {place} 接受新连接"),
            Operation::Receive => format!("无法从 {place} 接收"),
            Operation::Send => format!("无法发送到 {place}"),
            Operation::Reply => format!("{place} 的自动应答"),
            Operation::ReadFile => format!("无法读取文件 {place}"),
            Operation::Store => format!("无法写入捕获记录 {place}"),
            Operation::OpenCapture => format!("无法打开捕获记录 {place}"),
            Operation::DeleteCapture => format!("无法删除捕获记录 {place}"),
            Operation::SaveFile => format!("无法写入文件 {place}"),
        }
    }
    failed(operation: Operation) -> &'static str {
        match operation {
            Operation::Resolve => "域名解析失败",
            Operation::Listen => "监听失败",
            Operation::SetOption => "设置选项失败",
            Operation::Bind => "绑定失败",
            Operation::Join => "加入组播组失败",
            Operation::Connect => "连接失败",
            Operation::Accept => "接受连接失败",
            Operation::Receive => "接收失败",
            Operation::Send => "发送失败",
            Operation::Reply => "自动应答",
            Operation::ReadFile => "读取文件失败",
            Operation::Store => "写入捕获记录失败",
            Operation::OpenCapture => "打开捕获记录失败",
            Operation::DeleteCapture => "删除捕获记录失败",
            Operation::SaveFile => "写入文件失败",
        }
    }
    cannot_look_up_local(host: &str) => "无法解析本地地址 {host}";
    local_look_up_failed: "本地地址解析失败";
    datagram_not_received(place: &str) => "已发往 {place} 的数据报未被接收";
    datagram_came_back: "数据报未被接收";

    // Why
    with_system_code(sentence: &str, name: Option<&str>, code: i32) -> String {
        let name = name.map(|name| format!("{name}，")).unwrap_or_default();
        format!("{sentence}（{name}系统错误 {code}）")
    }
    receiving_waits: "，接收已暂停，可以写入后自动继续";
    detail(cause: Cause, detail: &str) -> String {
        match cause {
            // Names of interfaces are of no language.
            Cause::ZoneMissing | Cause::NoSuchInterface => harmless(detail),
            // Texts of the talk file are the user's own.
            Cause::RuleNote | Cause::RuleFailed | Cause::RuleFault | Cause::RuleLoop | Cause::NoContent => harmless(detail),
            Cause::InterfaceDown => harmless(known::interface(detail)),
            _ => known::detail(detail),
        }
    }
    cause(cause: Cause) -> &'static str {
        match cause {
            Cause::InterfaceDown => "本机的网络接口已断开",
            Cause::FileTooLarge => "文件已达大小上限（ulimit -f 或文件系统的限制）",
            Cause::LongerThanDatagram => "内容超过一个数据报的最大长度 65507 字节，请指定每个数据报的字节数",
            Cause::FramesUnanswered => "有的帧因太长或一次到达太多而没有应答",
            Cause::AnswersUnread => "对端没有读取应答，因此暂停接收其数据，待其读取后继续",
            Cause::AddressInUse => "端口已被另一个程序占用",
            Cause::HostNotFound => "找不到这个主机名的地址",
            Cause::Reset => "连接被对端重置",
            Cause::Unreachable => "没有到该主机或网络的路由，或网络接口未启用",
            Cause::DiskFull => "磁盘空间不足",
            Cause::CaptureFailed => "捕获文件不可用",
            Cause::CaptureInUse => "会话仍在写入这个捕获记录",
            Cause::InsideCapture => "它属于一个捕获记录，写入会损坏该记录",
            Cause::NotACapture => "文件夹不是本程序的捕获记录，或含有其他文件",
            Cause::TooManyOpenFiles => "打开的连接和文件已达系统上限（ulimit -n）",
            Cause::QueueFull => "发送队列已满，对端没有及时读取",
            Cause::TooLong => "内容超过一个数据报的最大长度",
            Cause::RuleNote => "规则备注",
            Cause::RuleFailed => "规则判定失败",
            Cause::RuleFault => "规则无法执行（行号与原文）",
            Cause::NoContent => "变量没有可发送的值",
            Cause::RuleLoop => "此规则与对端无休止地互相应答，已停止此连接的规则",
            Cause::NoPeer => "没有可发送的对端",
            Cause::Closed => "连接已关闭",
            Cause::Cancelled => "已取消",
            Cause::ZoneMissing => "链路本地地址后要写网络接口名，例如",
            Cause::NoSuchInterface => "本机没有这个名称的网络接口，现有",
            Cause::NotOneHost => "广播或组播地址不能用于 TCP",
            Cause::OtherFamily => "与套接字的地址族不同；IPv4 组播请用本地地址 0.0.0.0，IPv6 组播请用 [::]",
            Cause::TooManyGroups => "系统不允许一个套接字加入更多组播组",
            Cause::NoMulticast => "该处没有支持此地址族组播的网络接口",
            Cause::NoSourceFilter => "只有 IPv4 组播组可以指定来源，IPv6 组播组不行",
            Cause::NotASocket => "同名文件已存在，且不是套接字",
            Cause::LeftBehind => "已替换某个已退出的程序遗留的套接字文件",
            Cause::Unsupported => "本系统没有此功能",
            Cause::SocketInUse => "另一个程序正在监听它",
            Cause::NoSuchSocket => "没有这个套接字或它所在的文件夹",
            Cause::SocketRefused => "没有程序在监听它",
            Cause::ForwardLoop => "转发的目标就是它自己监听的地址",
            Cause::Invalid => "设置不适用",
            Cause::Tls => "TLS 失败",
            Cause::WebSocket => "WebSocket 失败",
            Cause::System => "系统报告了错误",
            Cause::NoLocalAddress => "没有可用的本机地址或端口",
            Cause::NoSuchAddress => "本机没有这个地址",
            Cause::LookUpTimeout => "在时限内没有解析结果",
            Cause::Timeout => "对端在时限内没有应答",
            Cause::RefusedByIcmp => "对端主机答复 ICMP 端口不可达，对端该端口没有程序监听",
            Cause::Refused => "对端拒绝连接，该端口没有程序在监听",
            Cause::NeedsAdministrator => "1024 以下的端口需要管理员权限",
            Cause::AddressForbidden => "系统不允许使用这个地址或端口",
            Cause::PermissionDenied => "没有访问权限",
            Cause::Forbidden => "被系统或防火墙禁止",
            Cause::FileMissing => "文件或文件夹不存在",
            Cause::IsAFolder => "这是一个文件夹，不是文件",
            Cause::FileInUse => "文件正被其他程序占用",
            Cause::FileUnusable => "文件不可用或已改变",
        }
    }
    cause_short(cause: Cause) -> &'static str {
        match cause {
            Cause::InterfaceDown => "本机网络接口已断开",
            Cause::FileTooLarge => "文件已达大小上限",
            Cause::LongerThanDatagram => "超过一个数据报的最大长度",
            Cause::FramesUnanswered => "有的帧没有应答",
            Cause::AnswersUnread => "对端没有读取应答",
            Cause::AddressInUse => "端口已被占用",
            Cause::HostNotFound => "找不到主机",
            Cause::Reset => "连接被重置",
            Cause::Unreachable => "主机不可达",
            Cause::DiskFull => "磁盘空间不足",
            Cause::CaptureFailed => "捕获文件不可用",
            Cause::CaptureInUse => "会话仍在写入",
            Cause::InsideCapture => "属于一个捕获记录，不能写入",
            Cause::NotACapture => "不是捕获记录",
            Cause::TooManyOpenFiles => "连接数已达上限",
            Cause::QueueFull => "发送队列已满",
            Cause::TooLong => "超过数据报长度",
            Cause::RuleNote => "规则备注",
            Cause::RuleFailed => "规则判定失败",
            Cause::RuleFault => "规则无法执行（行号与原文）",
            Cause::NoContent => "变量没有可发送的值",
            Cause::RuleLoop => "此规则与对端无休止地互相应答，已停止此连接的规则",
            Cause::NoPeer => "没有可发送的对端",
            Cause::Closed => "连接已关闭",
            Cause::Cancelled => "已取消",
            Cause::ZoneMissing => "缺少网络接口名",
            Cause::NoSuchInterface => "没有这个网络接口",
            Cause::NotOneHost => "广播或组播地址",
            Cause::OtherFamily => "地址族不同",
            Cause::TooManyGroups => "组播组过多",
            Cause::NoMulticast => "不支持组播",
            Cause::NoSourceFilter => "仅限 IPv4 组播组",
            Cause::NotASocket => "不是套接字",
            Cause::LeftBehind => "遗留的套接字文件",
            Cause::Unsupported => "本系统没有此功能",
            Cause::SocketInUse => "已被占用",
            Cause::NoSuchSocket => "没有这个套接字",
            Cause::SocketRefused => "没有程序监听",
            Cause::ForwardLoop => "转发到自己",
            Cause::Invalid => "设置不适用",
            Cause::Tls => "TLS 失败",
            Cause::WebSocket => "WebSocket 失败",
            Cause::System => "系统错误",
            Cause::NoLocalAddress => "没有可用的本机地址",
            Cause::NoSuchAddress => "本机没有这个地址",
            Cause::LookUpTimeout => "解析超时",
            Cause::Timeout => "超时",
            Cause::RefusedByIcmp => "对端端口没有程序监听",
            Cause::Refused => "对端拒绝连接",
            Cause::NeedsAdministrator => "1024 以下的端口需要管理员权限",
            Cause::AddressForbidden => "系统不允许使用",
            Cause::PermissionDenied => "没有访问权限",
            Cause::Forbidden => "被系统禁止",
            Cause::FileMissing => "文件不存在",
            Cause::IsAFolder => "是文件夹，不是文件",
            Cause::FileInUse => "文件被占用",
            Cause::FileUnusable => "文件不可用",
        }
    }
}
