// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Pyth's structs, as its consumers decode them.
library PythStructs {
    /// @notice price * 10^expo, give or take conf * 10^expo.
    struct Price {
        int64 price;
        uint64 conf;
        int32 expo;
        /// Unix seconds.
        uint256 publishTime;
    }

    struct PriceFeed {
        bytes32 id;
        Price price;
        Price emaPrice;
    }

    struct TwapPriceFeed {
        bytes32 id;
        uint64 startTime;
        uint64 endTime;
        Price twap;
        uint32 downSlotsRatio;
    }
}

/// @notice Those of Pyth's errors that can arise here, with Pyth's selectors.
interface IPythErrors {
    /// Arrays of different lengths.
    error InvalidArgument();
    /// Not one of the bytes that `IOracleFeeds.submit` documents, or attested outside the window it accepts.
    error InvalidUpdateData();
    /// Of another deployment or epoch, or not signed by a quorum of its signers.
    error InvalidUpdateDataSource();
    /// Every feed asked about is as new as the caller knows.
    error NoFreshUpdate();
    /// No feed of this id, or nothing stored for it yet.
    error PriceFeedNotFound();
    /// Older than the caller allows.
    error StalePrice();
}

/// @notice Pyth's consumer interface, as of @pythnetwork/pyth-sdk-solidity 4.3.1: the same selectors and encodings.
interface IPyth is IPythErrors {
    function getPriceUnsafe(bytes32 id) external view returns (PythStructs.Price memory price);
    function getPriceNoOlderThan(bytes32 id, uint256 age) external view returns (PythStructs.Price memory price);
    function getEmaPriceUnsafe(bytes32 id) external view returns (PythStructs.Price memory price);
    function getEmaPriceNoOlderThan(bytes32 id, uint256 age) external view returns (PythStructs.Price memory price);

    function updatePriceFeeds(bytes[] calldata updateData) external payable;
    function updatePriceFeedsIfNecessary(
        bytes[] calldata updateData,
        bytes32[] calldata priceIds,
        uint64[] calldata publishTimes
    ) external payable;
    function getUpdateFee(bytes[] calldata updateData) external view returns (uint256 feeAmount);
    function getTwapUpdateFee(bytes[] calldata updateData) external view returns (uint256 feeAmount);

    function parsePriceFeedUpdates(
        bytes[] calldata updateData,
        bytes32[] calldata priceIds,
        uint64 minPublishTime,
        uint64 maxPublishTime
    ) external payable returns (PythStructs.PriceFeed[] memory priceFeeds);
    function parsePriceFeedUpdatesWithConfig(
        bytes[] calldata updateData,
        bytes32[] calldata priceIds,
        uint64 minAllowedPublishTime,
        uint64 maxAllowedPublishTime,
        bool checkUniqueness,
        bool checkUpdateDataIsMinimal,
        bool storeUpdatesIfFresh
    ) external payable returns (PythStructs.PriceFeed[] memory priceFeeds, uint64[] memory slots);
    function parseTwapPriceFeedUpdates(bytes[] calldata updateData, bytes32[] calldata priceIds)
        external
        payable
        returns (PythStructs.TwapPriceFeed[] memory twapPriceFeeds);
    function parsePriceFeedUpdatesUnique(
        bytes[] calldata updateData,
        bytes32[] calldata priceIds,
        uint64 minPublishTime,
        uint64 maxPublishTime
    ) external payable returns (PythStructs.PriceFeed[] memory priceFeeds);
}

/// @notice What Pyth's contracts answer beyond `IPyth`, for consumers written before it shrank.
interface IPythLegacy {
    function queryPriceFeed(bytes32 id) external view returns (PythStructs.PriceFeed memory priceFeed);
    function priceFeedExists(bytes32 id) external view returns (bool exists);
    function getValidTimePeriod() external view returns (uint256 validTimePeriod);
    function getPrice(bytes32 id) external view returns (PythStructs.Price memory price);
    function getEmaPrice(bytes32 id) external view returns (PythStructs.Price memory price);
}
