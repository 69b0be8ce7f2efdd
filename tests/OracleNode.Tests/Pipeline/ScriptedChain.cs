using System.Threading.Channels;
using OracleNode.Chains;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Pipeline;

/// <summary>A chain whose answers the test gives; the worker and the pipeline before it are what is tested.</summary>
internal sealed class ScriptedChain(string name = "scripted") : IChainPublisher
{
    private readonly Dictionary<FeedId, OnChainFeed> _held = [];
    private TaskCompletionSource _gate = Opened();
    private volatile string? _failure;
    private int _connects;
    private int _reads;

    public Channel<Submission> Submissions { get; } = Channel.CreateUnbounded<Submission>();

    public int Connects => Volatile.Read(ref _connects);

    public int Reads => Volatile.Read(ref _reads);

    public string Name => name;

    public ChainKind Kind => ChainKind.Evm;

    /// <summary>What connecting and reading fail with from now on; null when they work.</summary>
    public string? Failure { get => _failure; set => _failure = value; }

    /// <summary>From now on nobody gets an answer to a connect, until <see cref="Open"/>.</summary>
    public ScriptedChain Shut()
    {
        _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return this;
    }

    public void Open() => _gate.TrySetResult();

    public void Hold(FeedId feed, ulong sequence, FeedRecord? record, bool detailed = true)
    {
        lock (_held) _held[feed] = new OnChainFeed(feed, "0x", sequence, record) { Stored = detailed ? RecordFields.All : RecordFields.All & ~RecordFields.Detail, Paused = _held.GetValueOrDefault(feed)?.Paused ?? false };
    }

    /// <summary>Its guardian stops a feed, or its owner lets it go on.</summary>
    public void Pause(FeedId feed, bool isPaused)
    {
        lock (_held) _held[feed] = (_held.GetValueOrDefault(feed) ?? new OnChainFeed(feed, "0x", 0, null)) with { Paused = isPaused };
    }

    public async Task ConnectAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _connects);
        await _gate.Task.WaitAsync(cancellationToken);
        if (Failure is { } failure) throw new ChainException(failure);
    }

    public Task<IReadOnlyList<OnChainFeed>> ReadAsync(IReadOnlyList<FeedId> feeds, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        if (Failure is { } failure) throw new ChainException(failure);
        return Task.FromResult<IReadOnlyList<OnChainFeed>>([.. feeds.Select(Held)]);
    }

    public async Task<SubmissionResult> SubmitAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        var submission = new Submission(batch, this);
        await Submissions.Writer.WriteAsync(submission, cancellationToken);
        return await submission.Result.WaitAsync(cancellationToken);
    }

    internal OnChainFeed Held(FeedId feed)
    {
        lock (_held) return _held.GetValueOrDefault(feed) ?? new OnChainFeed(feed, "0x", 0, null);
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}

/// <summary>One batch that a <see cref="ScriptedChain"/> was sent; it is under way until the test ends it.</summary>
internal sealed class Submission(SignedBatch batch, ScriptedChain chain)
{
    private readonly TaskCompletionSource<SubmissionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SignedBatch Batch => batch;

    public Task<SubmissionResult> Result => _result.Task;

    public void Land() => End(SubmissionOutcome.Landed, null, _ => true);

    /// <summary>Only some of it is stored; of the rest the chain holds what it held.</summary>
    public void LandOnly(params FeedId[] feeds) => End(SubmissionOutcome.Diverged, "out of bounds", feeds.Contains);

    public void End(SubmissionOutcome outcome, string detail) => _result.SetResult(new(outcome, detail, [], null, []));

    public void Throw(Exception exception) => _result.SetException(exception);

    private void End(SubmissionOutcome outcome, string? detail, Func<FeedId, bool> stores)
    {
        for (var i = 0; i < batch.Feeds.Count; i++)
        {
            if (stores(batch.Feeds[i])) chain.Hold(batch.Feeds[i], batch.Header.Sequence, batch.Records[i]);
        }

        _result.SetResult(new(outcome, detail, ["tx"], 1000, [.. batch.Feeds.Select(chain.Held)]));
    }
}
