//! Parses HTTP/1.1 responses, as far as the benchmark needs.

pub struct Reply<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

/// Parses a response once its head is complete. Also returns the length of the whole response.
pub fn parse(bytes: &[u8]) -> Option<(Reply<'_>, usize)> {
    let end = find(bytes, b"\r\n\r\n")?;
    let (head, body) = bytes.split_at_checked(end + 4)?;
    let status = std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()?;
    let field = |wanted: &[u8]| {
        head.split(|byte| *byte == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(wanted.len())?;
            name.eq_ignore_ascii_case(wanted).then_some(value)
        })
    };
    let length = match field(b"content-length:") {
        Some(value) => number(value),
        // A chunked response is complete with its last chunk, which is empty.
        None if field(b"transfer-encoding:").is_some() => find(body, b"0\r\n\r\n")? + 5,
        None => 0,
    };
    Some((Reply { status, head, body: body.get(..length).unwrap_or(body) }, head.len() + length))
}

fn number(text: &[u8]) -> usize {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let (first, _) = part.split_first()?;
    let mut from = 0;
    loop {
        from += bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes.get(from..)?.starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_head_says() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: y\r\n\r\nokHTTP";
        let (reply, length) = parse(bytes).unwrap();
        assert_eq!((reply.status, reply.body, length), (200, b"ok".as_slice(), bytes.len() - 4));
        assert!(parse(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n").is_none());
        let (reply, length) = parse(b"HTTP/1.1 204 No\r\n\r\n").unwrap();
        assert_eq!((reply.status, reply.body.len(), length), (204, 0, 19));
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n".as_slice();
        assert!(parse(head).is_none());
        assert_eq!(parse(&[head, b"0\r\n\r\n"].concat()).unwrap().0.body, b"2\r\nok\r\n0\r\n\r\n");
    }
}
