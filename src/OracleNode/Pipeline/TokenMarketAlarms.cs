using NodaTime;
using OracleNode.Guards;
using OracleNode.Market;
using OracleNode.Pricing;

namespace OracleNode.Pipeline;

/// <summary>
/// Says when a venue has stated another multiplier than a token's chain for a while: at a split it is late, or the chain's step is one that it knows nothing of. Once
/// until it is over.
/// </summary>
/// <param name="market">The fold.</param>
/// <param name="place">A premium's feed.</param>
/// <param name="rules">Its rules.</param>
/// <param name="report">Who tells a person.</param>
internal sealed class TokenMarketAlarms(MarketFold market, int place, PremiumFeedRules rules, IFoldReport report)
{
    private readonly Instant?[] _since = new Instant?[rules.Sources.Count];
    private readonly bool[] _isSaid = new bool[rules.Sources.Count];

    /// <summary>After the feed has decided.</summary>
    public void Look(FeedDecision decision)
    {
        var words = decision.Inputs;
        for (var i = 0; i < words.Length && i < _since.Length; i++)
        {
            if (words[i].Reason != InputReason.OtherMultiplier)
            {
                (_since[i], _isSaid[i]) = (null, false);
                continue;
            }

            _since[i] ??= decision.DecidedAt;
            if (_isSaid[i] || decision.DecidedAt - _since[i]!.Value < FeedAlarms.EvidenceStands) continue;
            _isSaid[i] = true;
            var onChain = market.MultiplierOf(rules.Token)?.At(decision.DecidedAt).Current.ToString() ?? "unknown";
            report.Alarm(market.RulesOf(place).Feed.Name, AlarmKind.Token, $"source {rules.Sources[i].Name} states another multiplier than the token's chain, which has {onChain}: its quotes have no vote until the two agree");
        }
    }
}
