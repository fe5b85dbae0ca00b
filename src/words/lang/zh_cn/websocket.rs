//! WebSocket in Chinese.

use super::ZhCn;
use crate::model::WebSocketFault;

texts! { WebSocket for ZhCn;

    websocket_why(fault: &WebSocketFault, shown: &str) -> String {
        match fault {
            WebSocketFault::NotHttp { .. } if shown.is_empty() => "对端不使用 HTTP".to_owned(),
            WebSocketFault::NotHttp { .. } => format!("对端不使用 HTTP，它发来了 {shown}"),
            WebSocketFault::Refused { .. } => format!("服务器拒绝：HTTP {shown}"),
            WebSocketFault::Missing { .. } => format!("对端的握手缺少 {shown}"),
            WebSocketFault::WrongAccept => "服务器返回的 Sec-WebSocket-Accept 与密钥不符，中间可能有不支持 WebSocket 的设备".to_owned(),
            WebSocketFault::OtherProtocol { .. } => format!("服务器选择了未提供的子协议 {shown}"),
            WebSocketFault::Version { .. } => format!("客户端使用 WebSocket 版本 {shown}，这里只支持 13"),
            WebSocketFault::WrongPath { .. } => format!("客户端请求的路径 {shown} 不提供服务"),
            WebSocketFault::NoProtocol { .. } => format!("客户端没有提供本端的子协议，只有 {shown}"),
            WebSocketFault::LongHead => "对端的握手头超过 16 KiB 或多于 100 项".to_owned(),
            WebSocketFault::Ended => "对端在握手期间关闭了连接".to_owned(),
            WebSocketFault::NoClose { within: false } => "连接结束时没有关闭帧".to_owned(),
            WebSocketFault::NoClose { within: true } => "连接在一条消息中途结束，没有关闭帧".to_owned(),
            WebSocketFault::NotMasked => "客户端发送的帧没有掩码".to_owned(),
            WebSocketFault::Masked => "服务器发送的帧带有掩码".to_owned(),
            WebSocketFault::ReservedBits { .. } => format!("对端设置了保留位（{shown}），没有协商过对应的扩展"),
            WebSocketFault::ReservedOpcode { .. } => format!("对端使用保留的操作码 {shown}，按二进制消息显示"),
            WebSocketFault::NothingToContinue => "收到延续帧，但没有未完的消息，按二进制消息显示".to_owned(),
            WebSocketFault::MessageNotEnded => "上一条消息尚未结束，新的消息就开始了".to_owned(),
            WebSocketFault::SplitControl => "控制帧被标为未完".to_owned(),
            WebSocketFault::LongControl { .. } => format!("控制帧有 {shown} 字节，超过 125，只保留开头部分"),
            WebSocketFault::LongLength => "帧长度的写法比需要的更长".to_owned(),
            WebSocketFault::BadLength => "帧长度不可能成立，之后的内容无法读取".to_owned(),
            WebSocketFault::NotUtf8 => "文本消息不是 UTF-8".to_owned(),
            WebSocketFault::BadClose => "关闭帧的代码或原因不符合规定".to_owned(),
            WebSocketFault::LongToSend { .. } => format!("ping 或关闭帧最多 125 字节，这里有 {shown} 字节"),
        }
    }
    websocket_request(sent: bool, path: &str) -> String {
        format!("{} WebSocket 请求 · {path}", if sent { "已发送" } else { "收到" })
    }
    websocket_response(sent: bool, status: u16, reason: &str) -> String {
        format!("{} WebSocket 响应 · {status} {reason}", if sent { "已发送" } else { "收到" })
    }
    websocket_protocols(names: &str) => "子协议：{names}";
    websocket_form(opcode: u8) -> String {
        match opcode {
            1 => "文本".to_owned(),
            2 => "二进制".to_owned(),
            8 => "关闭".to_owned(),
            9 => "ping".to_owned(),
            10 => "pong".to_owned(),
            other => format!("操作码 {other}"),
        }
    }
    websocket_goes_on: "（未完）";
}
