import CRdKafka
import Dispatch
import Foundation
import Logging

/// Owns one librdkafka client: made from options, destroyed with the value.
///
/// librdkafka's calls may come from any thread.
final class KafkaHandle: @unchecked Sendable {
    // Unchecked: the pointer never changes, and librdkafka locks what it points to.
    let client: OpaquePointer
    private let voice: KafkaVoice

    init(
        _ settings: KafkaSettings, _ role: KafkaOptions.Role, events: Int32, logger: Logger
    ) throws(KafkaError) {
        let options = try KafkaOptions(settings, role)
        voice = KafkaVoice(logger, settings.secrets)
        guard let configuration = rd_kafka_conf_new() else {
            throw .client(reason: "out of memory")
        }
        do {
            for (name, value) in options.plain {
                try KafkaHandle.set(configuration, name, value, settings.secrets, isSecret: false)
            }
            for (name, value) in settings.secrets.byName {
                try KafkaHandle.set(configuration, name, value, settings.secrets, isSecret: true)
            }
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        rd_kafka_conf_set_events(configuration, events)
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(voice).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, text in
            guard let client, let opaque = rd_kafka_opaque(client), let text else { return }
            Unmanaged<KafkaVoice>.fromOpaque(opaque).takeUnretainedValue()
                .say(level: level, facility: facility.map { String(cString: $0) } ?? "", text)
        }
        var reason = [CChar](repeating: 0, count: 512)
        var kind = RD_KAFKA_PRODUCER
        if case .consumer = role {
            kind = RD_KAFKA_CONSUMER
            KafkaHandle.prepareBrokerThreads(configuration)
        }
        guard let client = rd_kafka_new(kind, configuration, &reason, reason.count) else {
            rd_kafka_conf_destroy(configuration)
            throw .client(reason: settings.secrets.redacting(KafkaHandle.text(reason)))
        }
        self.client = client
    }

    deinit { KafkaHandle.destroy(client, voice) }

    /// A text of librdkafka's without the secrets.
    func redacting(_ text: String) -> String { voice.redacting(text) }

    /// The error of a call by its code.
    func failure(_ operation: String, _ code: rd_kafka_resp_err_t) -> KafkaError {
        if code == RD_KAFKA_RESP_ERR__TIMED_OUT { return .timedOut(operation: operation) }
        return .operation(
            operation, code: KafkaHandle.name(code),
            reason: String(cString: rd_kafka_err2str(code)))
    }

    static func name(_ code: rd_kafka_resp_err_t) -> String {
        String(cString: rd_kafka_err2name(code))
    }

    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Of consumers that are made with the configuration.
    private static func prepareBrokerThreads(_ configuration: OpaquePointer) {
        rd_kafka_conf_interceptor_add_on_new(
            configuration, "ticktop",
            { client, _, _, _, _ in
                let code = BrokerThreadMemory.prepare(client)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return code }
                return BrokerRest.prepare(client)
            }, nil)
    }

    private static let destructionMax = DispatchTimeInterval.seconds(3)

    /// librdkafka waits for what is under way until it times out, a commit that a broker never
    /// answers for a minute and more. So it does on a thread of its own, and is left to it where
    /// that takes too long.
    private static func destroy(_ client: OpaquePointer, _ voice: KafkaVoice) {
        let address = UInt(bitPattern: client)
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            rd_kafka_destroy_flags(
                OpaquePointer(bitPattern: address), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
            // Its last log lines go there.
            withExtendedLifetime(voice) {}
            ended.signal()
        }
        thread.name = "kafka end"
        thread.start()
        guard ended.wait(timeout: .now() + destructionMax) == .timedOut else { return }
        voice.say(level: 4, facility: "END", "a broker did not answer; its client is left behind")
    }

    private static func set(
        _ configuration: OpaquePointer, _ name: String, _ value: String, _ secrets: KafkaSecrets,
        isSecret: Bool
    ) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard
            rd_kafka_conf_set(configuration, name, value, &reason, reason.count) == RD_KAFKA_CONF_OK
        else {
            // librdkafka's text repeats the value.
            let told = isSecret ? "not a value that librdkafka takes" : text(reason)
            throw .option(name: name, reason: secrets.redacting(told))
        }
    }
}

/// Where librdkafka's log lines go, without the secrets.
private final class KafkaVoice: Sendable {
    private let logger: Logger
    private let secrets: KafkaSecrets

    init(_ logger: Logger, _ secrets: KafkaSecrets) {
        self.logger = logger
        self.secrets = secrets
    }

    func redacting(_ text: String) -> String { secrets.redacting(text) }

    /// `level` as syslog counts.
    func say(level: Int32, facility: String, _ text: UnsafePointer<CChar>) {
        let severity: Logger.Level =
            switch level {
            case ...3: .error
            case 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
        logger.log(level: severity, "\(facility): \(redacting(String(cString: text)))")
    }
}
