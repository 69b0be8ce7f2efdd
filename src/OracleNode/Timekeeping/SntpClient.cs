using System.Net.Sockets;
using System.Security.Cryptography;
using NodaTime;
using OracleNode.Pipeline;

namespace OracleNode.Timekeeping;

/// <summary>Asks one time server over UDP. Waits no longer than told, and throws nothing but cancellation.</summary>
internal sealed class SntpClient(IMarketClock clock, TimeProvider time)
{
    private const int MaxDatagrams = 8;

    /// <summary>Asks once.</summary>
    /// <returns>What it says; <see cref="SntpVerdict.None"/> when nothing came in time or the host is not found.</returns>
    public async Task<(SntpVerdict Verdict, SntpSample Sample)> AskAsync(SntpServer server, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var udp = new UdpClient();

            // Connected: datagrams of others do not arrive here.
            await udp.Client.ConnectAsync(server.Host, server.Port, either.Token);
            return await ConverseAsync(udp, Duration.FromTimeSpan(timeout), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (SntpVerdict.None, default);
        }
        catch (SocketException)
        {
            // Not found, unreachable, refused: a server that does not answer, whichever way.
            return (SntpVerdict.None, default);
        }
    }

    private async Task<(SntpVerdict, SntpSample)> ConverseAsync(UdpClient udp, Duration maxRoundTrip, CancellationToken cancellationToken)
    {
        var request = new byte[SntpPacket.Length];
        var cookie = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        SntpPacket.WriteRequest(request, cookie);
        var sentAt = clock.Now;
        var sentTimestamp = time.GetTimestamp();
        await udp.SendAsync(request, cancellationToken);
        for (var i = 0; i < MaxDatagrams; i++)
        {
            var answer = await udp.ReceiveAsync(cancellationToken);
            var verdict = SntpPacket.Read(answer.Buffer, cookie, sentAt, Duration.FromTimeSpan(time.GetElapsedTime(sentTimestamp)), maxRoundTrip, out var sample);

            // A stray or forged datagram; the true answer may still come.
            if (verdict != SntpVerdict.NotAnAnswer) return (verdict, sample);
        }

        return (SntpVerdict.NotAnAnswer, default);
    }
}
