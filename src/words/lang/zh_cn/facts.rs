//! Facts of a connection, in Chinese.

use super::ZhCn;
use crate::model::{OpenedBy, OptionName};
use crate::words::Fact;

texts! { Facts for ZhCn;
    fact(fact: Fact) -> &'static str {
        match fact {
            Fact::Local => "本地地址",
            Fact::Remote => "对端地址",
            Fact::OpenedBy => "发起方",
            Fact::Ended => "结束方式",
            Fact::Open => "已打开",
            Fact::Resolved => "解析到的地址",
            Fact::LookUp => "域名解析用时",
            Fact::Connect => "连接用时",
            Fact::Handshake => "握手用时",
            Fact::Unread => "系统待读",
            Fact::Unsent => "系统未确认",
            Fact::Waiting => "等待发送",
            Fact::RoundTrip => "往返时间",
            Fact::Retransmits => "重传报文段",
            Fact::Lost => "丢失报文段",
            Fact::CongestionWindow => "拥塞窗口",
            Fact::SendWindow => "对端接收窗口",
            Fact::ReceiveWindow => "本端接收窗口",
            Fact::Segment => "报文段大小",
            Fact::Path => "路径 MTU",
            Fact::Timeout => "重传超时",
            Fact::KernelDropped => "系统丢弃",
        }
    }
    socket_option(option: OptionName) -> &'static str {
        match option {
            OptionName::ReuseAddress => "地址复用",
            OptionName::NoDelay => "立即发送",
            OptionName::KeepAlive => "保活探测",
            OptionName::SendBuffer => "发送缓冲区",
            OptionName::ReceiveBuffer => "接收缓冲区",
            OptionName::Ttl => "TTL",
            OptionName::Tos => "TOS",
            OptionName::ResetOnClose => "关闭时重置",
            OptionName::Backlog => "等待队列",
            OptionName::OnlyV6 => "仅 IPv6",
            OptionName::Interface => "网络接口",
        }
    }
    opened_by(by: OpenedBy) -> &'static str {
        match by {
            OpenedBy::Us => "本端",
            OpenedBy::Peer => "对端",
        }
    }
    round_trip(mean: &str, deviation: &str, least: Option<&str>) -> String {
        let least = least.map(|least| format!("（最小 {least}）")).unwrap_or_default();
        format!("{mean} ± {deviation}{least}")
    }
    segments(count: u32) => "{count} 段";
    on_or_off(on: bool) -> &'static str { if on { "开" } else { "关" } }
    probes(idle: u64, interval: Option<u64>, count: Option<u32>) -> String {
        let interval = interval.map(|interval| format!("，每 {interval} 秒")).unwrap_or_default();
        let count = count.map(|count| format!("，{count} 次")).unwrap_or_default();
        format!("空闲 {idle} 秒后{interval}{count}")
    }
    taken(address: &str) => "{address}（已采用）";
}
