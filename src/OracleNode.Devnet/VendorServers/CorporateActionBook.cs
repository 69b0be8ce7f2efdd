using NodaTime;

namespace OracleNode.VendorServers;

/// <summary>A corporate action as a vendor server announces it.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Symbol">As the vendor writes it.</param>
/// <param name="On">Ex-date.</param>
/// <param name="NewShares">Split: shares after it, for <paramref name="OldShares"/> before; 0 for a dividend.</param>
/// <param name="OldShares">See <paramref name="NewShares"/>.</param>
/// <param name="Cash">Dividend: cash per share; 0 for a split.</param>
internal sealed record AnnouncedAction(string Id, string Symbol, LocalDate On, int NewShares, int OldShares, decimal Cash);

/// <summary>What a vendor server says of corporate actions; empty until somebody announces one. Any thread.</summary>
internal sealed class CorporateActionBook
{
    private readonly Lock _gate = new();
    private readonly List<AnnouncedAction> _actions = [];
    private long _requests;

    /// <summary>Rows of a page; what is more goes onto further pages.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Status of every answer.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>In place of every answer; null for none.</summary>
    public string? Garbage { get; set; }

    /// <summary>Requests that were let in.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Announces an action, or replaces what has its id.</summary>
    public void Announce(AnnouncedAction action)
    {
        lock (_gate)
        {
            _actions.RemoveAll(a => a.Id == action.Id);
            _actions.Add(action);
        }
    }

    /// <summary>Takes an action off the list.</summary>
    public void Remove(string id)
    {
        lock (_gate) _actions.RemoveAll(a => a.Id == id);
    }

    /// <summary>A page of what is wanted, by number from 0, and whether there are more.</summary>
    public (IReadOnlyList<AnnouncedAction> Page, bool HasMore) Read(Func<AnnouncedAction, bool> wanted, int number)
    {
        lock (_gate)
        {
            var all = _actions.Where(wanted).ToList();
            return ([.. all.Skip(number * PageSize).Take(PageSize)], all.Count > (number + 1) * PageSize);
        }
    }

    /// <summary>Answers a question: with <paramref name="json"/>, unless a test asks for something else.</summary>
    public Task AnswerAsync(HttpContext context, string json)
    {
        Interlocked.Increment(ref _requests);
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Garbage ?? json);
    }
}
