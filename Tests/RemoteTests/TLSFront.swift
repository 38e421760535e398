import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What stands before a side port that is reached by https: ends TLS, and passes the bytes on.
final class TLSFront: Sendable {
    private let channel: any Channel
    private let target: TargetPort

    var port: Int { channel.localAddress?.port ?? 0 }

    /// With the certificate and key in a folder.
    init(certificate folder: URL) async throws {
        let target = TargetPort()
        self.target = target
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(
                folder.appending(path: "cert.pem").path
            ).map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(file: folder.appending(path: "key.pem").path, format: .pem)))
        settings.applicationProtocols = ["http/1.1"]
        let context = try NIOSSLContext(configuration: settings)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                ClientBootstrap(group: channel.eventLoop).channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: target.number).flatMapThrowing { inner in
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(NIOSSLServerHandler(context: context))
                        try pipeline.addHandler(Relay(to: inner))
                        try inner.pipeline.syncOperations.addHandler(Relay(to: channel))
                        inner.setOption(.autoRead, value: true).whenComplete { _ in
                            channel.setOption(.autoRead, value: true).whenComplete { _ in }
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Before which port of this machine it stands.
    func lead(to port: Int) { target.number = port }

    func stop() async throws { try await channel.close() }
}

private final class TargetPort: Sendable {
    private let value = Atomic(0)

    var number: Int {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}

private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
