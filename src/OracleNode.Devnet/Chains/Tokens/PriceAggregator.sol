// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Owned} from "./Owned.sol";

/// @notice One phase of a price feed, written for tests from Chainlink's documented interface: the owner reports, and an answer outside its bounds is
/// not taken, so that the last one within them stands while the market leaves it behind.
contract PriceAggregator is Owned {
    struct Round {
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
    }

    error AnswerOutOfBounds(int256 answer, int192 minAnswer, int192 maxAnswer);
    error NoDataPresent();

    uint8 public decimals;
    string public description;
    int192 public immutable minAnswer;
    int192 public immutable maxAnswer;
    uint80 public latestRound;
    Round private _latest;

    constructor(address owner_, string memory description_, uint8 decimals_, int192 minAnswer_, int192 maxAnswer_) {
        _own(owner_);
        (description, decimals, minAnswer, maxAnswer) = (description_, decimals_, minAnswer_, maxAnswer_);
    }

    /// @notice A report as the network makes it: now, in the next round.
    function report(int256 answer) external onlyOwner {
        if (answer < minAnswer || answer > maxAnswer) revert AnswerOutOfBounds(answer, minAnswer, maxAnswer);
        ++latestRound;
        _latest = Round(answer, block.timestamp, block.timestamp);
    }

    /// @notice Any round whatever: for tests of what no network should make.
    function force(uint80 round, int256 answer, uint256 updatedAt) external onlyOwner {
        latestRound = round;
        _latest = Round(answer, updatedAt, updatedAt);
    }

    function setDecimals(uint8 value) external onlyOwner {
        decimals = value;
    }

    function setDescription(string calldata value) external onlyOwner {
        description = value;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (latestRound == 0) revert NoDataPresent();
        return (latestRound, _latest.answer, _latest.startedAt, _latest.updatedAt, latestRound);
    }
}

/// @notice What readers are given: it stays where it is while the phases behind it change. The upper 16 bits of a round's id are the phase.
contract PriceAggregatorProxy is Owned {
    uint16 public phaseId;
    PriceAggregator public aggregator;

    constructor(address owner_, string memory description_, uint8 decimals_, int192 minAnswer_, int192 maxAnswer_) {
        _own(owner_);
        (phaseId, aggregator) = (1, new PriceAggregator(owner_, description_, decimals_, minAnswer_, maxAnswer_));
    }

    function setAggregator(PriceAggregator next) external onlyOwner {
        ++phaseId;
        aggregator = next;
    }

    function decimals() external view returns (uint8) {
        return aggregator.decimals();
    }

    function description() external view returns (string memory) {
        return aggregator.description();
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = aggregator.latestRoundData();
        uint80 phase = uint80(phaseId) << 64;
        return (phase | round, answer, startedAt, updatedAt, phase | answeredInRound);
    }
}
