using OracleNode.Market;

namespace OracleNode.Guards;

/// <summary>When a guard is judged.</summary>
internal enum GuardPhase : byte
{
    /// <summary>Before any vote counts: the first that does not pass decides.</summary>
    Standing,
    /// <summary>On the votes: the first that does not pass decides.</summary>
    Votes,
    /// <summary>On the measured price: all are judged and all their flags shown; the first that does not pass gives the reason.</summary>
    Price,
    /// <summary>On a token's price, made from a share price that has passed the guards above.</summary>
    Token,
    /// <summary>On a token's reserves, as a feed of their own.</summary>
    Reserve,
    /// <summary>On a wrapper's price, made from a token's price that has passed the guards above.</summary>
    Wrapper,
    /// <summary>On a number that is made from other feeds and from what few markets say.</summary>
    Derived,
}

/// <summary>One guard.</summary>
/// <param name="Phase">When it is judged.</param>
/// <param name="Name">Its name.</param>
/// <param name="Applies">When it has something to judge.</param>
/// <param name="Measures">What it looks at.</param>
/// <param name="Asks">What it asks for when it does not pass.</param>
/// <param name="Flags">The flags it may raise.</param>
/// <param name="Reasons">The reasons it may give.</param>
/// <param name="Exit">What ends it; nothing here needs a hand except what an operator stopped.</param>
/// <param name="Judge">The rule; null for what follows another feed, whose fold judges in this order.</param>
internal sealed record GuardRow(
    GuardPhase Phase,
    string Name,
    string Applies,
    string Measures,
    GuardOutcome Asks,
    HoldReasons Flags,
    IReadOnlyList<DecisionReason> Reasons,
    string Exit,
    Func<GuardContext, GuardVerdict>? Judge);
