import Testing

@testable import Transfer

@Suite struct SecretURLTests {
    let webhook = SecretURL("https://discord.com/api/webhooks/123/s3cr3t-token?wait=true")

    @Test func printsOnlySchemeAndHost() {
        #expect("\(webhook)" == "https://discord.com/…")
        #expect(String(reflecting: webhook) == "https://discord.com/…")
        #expect(!String(describing: Mirror(reflecting: webhook).children.map(\.value)).contains("s3cr3t"))
        var dumped = ""
        dump(TransferRequest(.post, webhook), to: &dumped)
        #expect(!dumped.contains("s3cr3t"))
        #expect("\(SecretURL("s3cr3t"))" == "…")
        #expect("\(SecretURL("https://user:s3cr3t@example.org/"))" == "https://example.org/…")
    }

    @Test func readsTheHostTheWayTheConnectionIsMade() {
        #expect(webhook.host == "discord.com")
        #expect(SecretURL("HTTPS://Discord.COM:443/x").host == "discord.com")
        #expect(SecretURL("https://discord.com@evil.example/x").host == "evil.example")
        #expect(SecretURL("https://discord.com@evil.example/x").hasUser)
        #expect(SecretURL("https://evil.example\\@discord.com/x").host == "evil.example")
        #expect(SecretURL("http://[::1]:80/x").host == "::1")
        #expect(SecretURL("discord.com").host == "")
    }

    @Test func addsPathAndQueryInTheirPlaces() {
        let made = SecretURL("https://d.example/a/?thread_id=7").appending(path: "messages", "5").appending(
            query: "wait", "true")
        #expect(made.revealed == "https://d.example/a/messages/5?thread_id=7&wait=true")
        #expect(
            SecretURL("https://d.example/a").appending(query: "wait", "true").revealed
                == "https://d.example/a?wait=true")
    }

    @Test func takesItselfOutOfATextOfCurl() {
        #expect(
            webhook.redacting("cannot get https://discord.com/api/webhooks/123/s3cr3t-token?wait=true now")
                == "cannot get https://discord.com/… now")
        #expect(webhook.redacting("bad path /api/webhooks/123/s3cr3t-token?wait=true") == "bad path /…")
    }
}
