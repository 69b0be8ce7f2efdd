using OracleNode.Market;

namespace OracleNode.VendorServers;

/// <summary>Lasting failures of a vendor server; changes take effect with the next message.</summary>
internal sealed class VendorFaults
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _stalled;
    private decimal _priceFactor = 1;

    /// <summary>
    /// True: connections stay open and nothing is answered or sent, not even a pong. What happens meanwhile is lost, and clients get
    /// the latest state afterwards with the next events.
    /// </summary>
    public bool Stalled
    {
        get
        {
            lock (_gate) return _stalled is not null;
        }

        set
        {
            lock (_gate)
            {
                if (value == _stalled is not null) return;
                _stalled?.SetResult();
                _stalled = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            }
        }
    }

    /// <summary>Every price is sent times this; above 0, at most 1,000. 1 is honest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public decimal PriceFactor
    {
        get
        {
            lock (_gate) return _priceFactor;
        }

        set
        {
            if (value is <= 0 or > 1_000) throw new ArgumentOutOfRangeException(nameof(value), value, "A price factor is above 0 and at most 1,000.");
            lock (_gate) _priceFactor = value;
        }
    }

    /// <summary>Waits while <see cref="Stalled"/>.</summary>
    public async Task WhenNotStalledAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task stalled;
            lock (_gate)
            {
                if (_stalled is null) return;
                stalled = _stalled.Task;
            }

            await stalled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The price as this vendor tells it, exact to 1e-8; null where there is none.</summary>
    public decimal? Told(Price price)
    {
        if (price.IsNone) return null;
        var factor = PriceFactor;
        var e8 = factor == 1 ? price.E8 : decimal.Round(price.E8 * factor);
        // Dividing also drops the zeros that vendors do not send.
        return e8 / Price.One;
    }
}
